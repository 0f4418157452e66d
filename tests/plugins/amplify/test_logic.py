"""What is passed on and why: the rules, without a bot around them."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Literal

from hypothesis import given
from hypothesis import strategies as st

from bot.api import Member, Post, Space
from plugins.amplify.logic import (
    IS_OLD,
    IS_REPLY,
    NO_YES_YET,
    SAID_NO,
    Amplify,
    Leave,
    Route,
    decide,
    is_tag,
    tag_key,
)

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
LOBBY = Space("sandbox", "lobby", "Lobby", "lobby")
MIDDLE = Space("sandbox", "middle", "Middle school", "audience")
HIGH = Space("sandbox", "high", "High school", "audience")
ADA = Member("sandbox", "ada", "Ada")

BY_TAG = Route("TallyMathMS", MIDDLE, "tag", ("TallyMathsMS",))
BY_YES = Route("TallyMathHS", HIGH, "yes")
ROUTES = (BY_TAG, BY_YES)


def said(*tags: str) -> Post:
    return Post("1", LOBBY, ADA, "words", NOW, tags=tags)


def test_a_post_with_no_routed_tag_is_not_worth_a_word() -> None:
    assert decide(said("lunch"), ROUTES, True, NOW) == []


def test_using_the_declared_tag_is_asking() -> None:
    [decision] = decide(said("TallyMathMS"), ROUTES, None, NOW)

    assert isinstance(decision, Amplify)
    assert decision.audience == MIDDLE
    assert decision.grounds.basis == "asked"
    assert decision.grounds.purpose == "amplify"
    assert decision.why == (
        "It carries #TallyMathMS, and here using that tag is how people ask to be passed on. "
        "Once per audience, however many tags."
    )


def test_a_tag_that_needs_a_yes_waits_for_it() -> None:
    assert decide(said("TallyMathHS"), ROUTES, None, NOW) == [Leave(HIGH, NO_YES_YET)]


def test_a_standing_yes_is_enough_for_a_tag_that_needs_one() -> None:
    [decision] = decide(said("TallyMathHS"), ROUTES, True, NOW)

    assert isinstance(decision, Amplify)
    assert decision.grounds.basis == "agreed"


def test_case_width_and_aliases_do_not_matter() -> None:
    for tag in ("tallymathms", "TALLYMATHMS", "\uff34allyMathMS", "tallymathsms"):
        assert isinstance(decide(said(tag), ROUTES, None, NOW)[0], Amplify)


def test_the_why_shows_the_tag_as_its_author_wrote_it() -> None:
    [decision] = decide(said("tallymathMS"), ROUTES, None, NOW)

    assert "#tallymathMS" in decision.why


def test_a_reply_stays_in_its_conversation() -> None:
    reply = replace(said("TallyMathMS"), kind="reply", reply_to="0")

    assert decide(reply, ROUTES, True, NOW) == [Leave(MIDDLE, IS_REPLY)]


def test_a_quote_is_passed_on_like_an_original() -> None:
    quote = replace(said("TallyMathMS"), kind="quote")

    assert isinstance(decide(quote, ROUTES, None, NOW)[0], Amplify)


def test_reposts_bots_and_what_only_hosts_read_are_not_even_mentioned() -> None:
    post = said("TallyMathMS")
    hosts = Space("sandbox", "hosts", "Hosts", "hosts")

    assert decide(replace(post, kind="repost"), ROUTES, True, NOW) == []
    assert decide(replace(post, author=replace(ADA, is_bot=True)), ROUTES, True, NOW) == []
    assert decide(replace(post, space=hosts), ROUTES, True, NOW) == []


def test_what_the_audience_has_already_is_not_passed_on_to_it() -> None:
    assert decide(replace(said("TallyMathMS"), space=MIDDLE), ROUTES, True, NOW) == []


def test_a_post_of_the_day_before_is_in_time_and_an_older_one_is_not() -> None:
    post = said("TallyMathMS")
    day = timedelta(days=1)

    assert isinstance(decide(replace(post, at=NOW - day), ROUTES, None, NOW)[0], Amplify)
    old = replace(post, at=NOW - day - timedelta(microseconds=1))
    assert decide(old, ROUTES, None, NOW) == [Leave(MIDDLE, IS_OLD)]


def test_two_tags_to_one_audience_are_one_decision() -> None:
    routes = (BY_TAG, Route("Grade7", MIDDLE, "yes"))

    assert len(decide(said("Grade7", "TallyMathMS"), routes, None, NOW)) == 1


def test_asking_by_one_tag_is_enough_where_another_needs_a_yes() -> None:
    routes = (Route("Grade7", MIDDLE, "yes"), BY_TAG)

    [decision] = decide(said("Grade7", "TallyMathMS"), routes, None, NOW)

    assert isinstance(decision, Amplify)
    assert decision.grounds.basis == "asked"


def test_two_audiences_are_two_decisions() -> None:
    decisions = decide(said("TallyMathMS", "TallyMathHS"), ROUTES, True, NOW)

    assert [decision.audience for decision in decisions] == [MIDDLE, HIGH]


def test_a_tag_is_one_word_and_not_a_number() -> None:
    assert all(map(is_tag, ("TallyMathMS", "#altc20", "\uff03日本語", "3d", "fr-learn")))
    assert not any(map(is_tag, ("", "#", "two words", "2020", "one#two", "__")))


kinds = st.sampled_from(["original", "reply", "repost", "quote", "system"])
tags = st.lists(st.sampled_from(["TallyMathMS", "tallymathms", "TallyMathHS", "x", "Grade7"]))
routings = st.lists(
    st.builds(
        Route,
        st.sampled_from(["TallyMathMS", "TallyMathHS", "Grade7"]),
        st.sampled_from([MIDDLE, HIGH]),
        st.sampled_from(["tag", "yes"]),
    )
)
words = st.sampled_from([True, False, None])
ages = st.timedeltas(timedelta(0), timedelta(days=3))


@given(kinds, tags, routings, words, ages)
def test_whatever_comes_an_audience_is_decided_on_at_most_once(
    kind: Literal["original", "reply", "repost", "quote", "system"],
    tags: list[str],
    routes: list[Route],
    word: bool | None,
    age: timedelta,
) -> None:
    post = replace(said(*tags), kind=kind, at=NOW - age)

    decisions = decide(post, routes, word, NOW)

    audiences = [decision.audience for decision in decisions]
    assert len(audiences) == len(set(audiences))


@given(kinds, tags, routings, ages)
def test_a_no_always_wins(
    kind: Literal["original", "reply", "repost", "quote", "system"],
    tags: list[str],
    routes: list[Route],
    age: timedelta,
) -> None:
    post = replace(said(*tags), kind=kind, at=NOW - age)

    for decision in decide(post, routes, False, NOW):
        assert decision == Leave(decision.audience, SAID_NO)


@given(tags, routings, words)
def test_nothing_is_passed_on_without_a_request_or_a_yes(
    tags: list[str], routes: list[Route], word: bool | None
) -> None:
    asked = {
        route.audience
        for route in routes
        if route.asks == "tag" and tag_key(route.tag) in map(tag_key, tags)
    }

    for decision in decide(said(*tags), routes, word, NOW):
        if isinstance(decision, Amplify):
            assert decision.audience in asked or word is True


@given(tags, routings, words)
def test_the_order_of_tags_and_routes_changes_no_outcome(
    tags: list[str], routes: list[Route], word: bool | None
) -> None:
    def outcomes(tags: list[str], routes: list[Route]) -> dict[Space, tuple[str, str]]:
        return {
            decision.audience: ("amplify", decision.grounds.basis)
            if isinstance(decision, Amplify)
            else ("leave", decision.why)
            for decision in decide(said(*tags), routes, word, NOW)
        }

    assert outcomes(tags, routes) == outcomes(tags[::-1], routes[::-1])
