"""The reply share by itself."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from bot.api import Talk
from plugins.pulse.logic import audit, percent, share, together


def week(originals: int, replies: int = 0, reposts: int = 0, bot_posts: int = 0) -> Talk:
    return Talk(originals, replies, reposts, bot_posts, people=1)


weeks = st.builds(
    week, st.integers(0, 80), st.integers(0, 80), st.integers(0, 9), st.integers(0, 9)
)


def test_six_of_fourteen_is_between_24_and_64_per_cent_and_too_few() -> None:
    found = share(week(8, 6))

    assert found is not None
    assert (found.percent, found.low_percent, found.high_percent) == (43, 24, 64)
    assert not found.enough


def test_without_posts_there_is_no_share() -> None:
    assert share(week(0, 0, reposts=5, bot_posts=5)) is None


def test_half_a_per_cent_is_rounded_up() -> None:
    assert percent(0.125) == 13
    found = share(week(175, 25))
    assert found is not None
    assert found.percent == 13


@given(st.lists(weeks, max_size=26))
def test_bots_and_reposts_change_nothing(history: list[Talk]) -> None:
    bare = [replace(talk, reposts=0, bot_posts=0) for talk in history]

    assert share(together(history)) == share(together(bare))


def test_the_audit_of_2020_counts_reposts_as_posts() -> None:
    found = audit(Talk(3, 3, 2, 9, people=3))

    assert found
    assert (found.posts, found.people, found.replies) == (8, 3, 37.5)
    assert (found.reposts, found.each) == (25.0, 2.7)
    assert audit(Talk(0, 0, 0, 9, people=0)) is None
