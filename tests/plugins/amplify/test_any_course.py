"""Whatever people do in whatever order, nothing is passed on twice, or against anybody's word."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.api import Member
from bot.testing import HOST
from plugins.amplify import plugin
from tests.plugins.amplify.conftest import BULBS, ROSES
from tests.plugins.amplify.course import FAR, MINUTE, SERIAL, Course, Mortal, Unreliable

TEXTS = ("nothing", "#Roses", "#Bulbs", "#roses #BULBS")
LINKED = "https://example.org/ and why I like it #Roses"
ME = ("me yes amplify", "me no amplify")
DEEDS = ("delete", "again", "undo", "take_back", "this", "ask", "appeal")
TROUBLES = ("restart", "break_", "kill")
REVIEWS = ("approve", "decline", "block", "trust", "clear")
ABOUT_POSTS = ("edit", *DEEDS, *REVIEWS)
people = st.integers(0, 1)
posts = st.integers(0, 5)
steps = st.one_of(
    st.tuples(st.just("post"), people, st.sampled_from((*TEXTS, LINKED))),
    st.tuples(st.just("post"), people, st.just("#Roses")),
    st.tuples(st.just("post_afar"), people, st.sampled_from((*TEXTS, LINKED))),
    st.tuples(st.just("edit"), posts, st.sampled_from(TEXTS)),
    st.tuples(st.just("edit"), posts, st.just("nothing")),
    st.tuples(st.sampled_from(DEEDS), posts),
    st.tuples(st.sampled_from(REVIEWS), posts),
    st.tuples(st.just("say"), people, st.sampled_from(["yes", "no"])),
    st.tuples(st.just("hold"), people, st.booleans()),
    st.tuples(st.just("part"), people),
    st.tuples(st.just("wish"), people, st.sampled_from(["stop", "start", *ME])),
    st.tuples(st.sampled_from(["pause", "resume", "rest", "go_on", "wait", *TROUBLES])),
)


@pytest.fixture(scope="module")
def garden() -> Mortal:
    """One garden for all courses; each has people of its own."""
    settings = {"routes": [ROSES, BULBS], "hourly": 30, "author_daily": 0, "alarm": False}
    garden = Mortal(plugin, adapter=Unreliable(), spaces=[FAR], role="Passed on", **settings)
    for tag in ("Roses", "Bulbs"):
        garden.calls(HOST, f"amplify across {tag} yes")
    return garden


def live(bot: Mortal, course_steps: list[tuple[Any, ...]]) -> None:
    number = next(SERIAL)
    course = Course(bot, (Member("fake", f"ada{number}"), Member("fake", f"grace{number}")))
    course.post(0, "#Roses")
    for name, *given_ in course_steps:
        if name in ABOUT_POSTS:  # of those that there are, so that no step is for nothing
            given_[0] %= len(course.posts)
        getattr(course, name)(*given_)
        assert not bot.weaver.registry.failures, "no part of Weaver failed in it"
    bot.kill, bot.adapter.lose = False, 0  # type: ignore[attr-defined]
    course.go_on()
    course.resume()
    bot.passes(30 * MINUTE)
    course.check()


FEW = settings(
    max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@FEW
@given(st.lists(steps, max_size=10))
def test_nothing_is_passed_on_twice_or_against_a_word(
    garden: Mortal, steps: list[tuple[Any, ...]]
) -> None:
    live(garden, steps)


@pytest.mark.torture
@pytest.mark.timeout(7200)
@settings(FEW, max_examples=3000)
@given(st.lists(steps, min_size=5, max_size=40))
def test_nor_in_thousands_of_long_courses(garden: Mortal, steps: list[tuple[Any, ...]]) -> None:
    live(garden, steps)
