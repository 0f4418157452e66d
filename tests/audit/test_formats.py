"""Every format gives the figures of the talk it holds, in any order, repeated, split, with bots."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.audit.archives import Audited, audit_file
from bot.audit.figures import Figures, Tally, Window
from bot.audit.posts import handle
from tests.audit.formats import FORMATS, Said

START = 1_590_000_000
PEOPLE = st.builds(
    Said,
    number=st.integers(1, 10**6),
    who=st.integers(1, 6),
    at=st.integers(START, START + 90 * 86_400),
    kind=st.sampled_from(["original", "reply", "repost", "quote"]),
)
TALK = st.lists(PEOPLE, min_size=1, max_size=12, unique_by=lambda one: one.number)
BOTS = frozenset(
    name.format(f"robot{who}")
    for who in range(1, 7)
    for name in {one.bot_name for one in FORMATS.values()}
)
every_format = pytest.mark.parametrize("name", FORMATS)
brief = settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def told(name: str, posts: Sequence[Said]) -> list[Said]:
    """The talk as a format can tell it: a kind that it does not know is an original."""
    kinds = FORMATS[name].kinds
    return [one if one.kind in kinds else replace(one, kind="original") for one in posts]


def read(folder: Path, name: str, posts: Sequence[Said]) -> Audited:
    path = folder / "archive"
    path.write_bytes(FORMATS[name].write(posts))
    return audit_file(path, frozenset(map(handle, BOTS)))


def counted(folder: Path, name: str, posts: Sequence[Said]) -> Figures:
    return read(folder, name, posts).tally.figures(Window())


@every_format
@brief
@given(posts=TALK)
def test_the_figures_are_those_of_the_talk(tmp_path: Path, name: str, posts: list[Said]) -> None:
    posts = told(name, posts)
    figures = counted(tmp_path, name, posts)
    assert (figures.posts, figures.repeated, figures.bot_posts) == (len(posts), 0, 0)
    assert figures.accounts == len({one.who for one in posts})
    assert figures.replies == sum(one.kind == "reply" for one in posts)
    assert figures.reposts == sum(one.kind == "repost" for one in posts)
    assert figures.quotes == sum(one.kind == "quote" for one in posts)
    times = [one.at for one in posts]
    assert (figures.first, figures.last) == (min(times), max(times))


@every_format
@brief
@given(posts=TALK, data=st.data())
def test_order_and_repetition_change_nothing(
    tmp_path: Path, name: str, posts: list[Said], data: st.DataObject
) -> None:
    again = data.draw(st.permutations(posts + posts[::2]))
    once, more = counted(tmp_path, name, posts), counted(tmp_path, name, again)
    assert replace(more, repeated=0) == once
    assert more.repeated == len(posts[::2])


@every_format
@brief
@given(posts=TALK, cut=st.integers(1, 11))
def test_a_talk_in_two_files_counts_as_in_one(
    tmp_path: Path, name: str, posts: list[Said], cut: int
) -> None:
    whole, both = counted(tmp_path, name, posts), Tally()
    for part in filter(None, (posts[:cut], posts[cut:])):
        both.merge(read(tmp_path, name, part).tally)
    assert both.figures(Window()) == whole


@every_format
@brief
@given(posts=TALK, bots=st.lists(PEOPLE, max_size=8, unique_by=lambda one: one.number))
def test_posts_of_bots_change_nothing_but_their_own_count(
    tmp_path: Path, name: str, posts: list[Said], bots: list[Said]
) -> None:
    taken = {one.number for one in posts}
    marked = [replace(one, is_bot=True) for one in bots if one.number not in taken]
    alone, joined = counted(tmp_path, name, posts), counted(tmp_path, name, [*marked, *posts])
    assert replace(joined, bot_posts=0) == alone
    assert joined.bot_posts == len(marked)
