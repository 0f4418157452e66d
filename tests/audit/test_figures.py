"""Neither order nor repetition nor bots change a figure, and a second way of counting agrees."""

import random
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from bot.audit.figures import Figures, Tally, Window
from bot.audit.posts import BOT, ORIGINAL, REPLY, REPOST, STARTER, Post
from bot.domain.measures import DAY

POSTS = st.lists(
    st.tuples(
        st.integers(0, 600),  # ids, few enough to repeat with other contents
        st.integers(2**63, 2**63 + 9),
        st.builds(
            lambda when, kind: when << 2 | kind, st.integers(-99, 400 * DAY), st.integers(0, 3)
        ),
    )
)
BOTS = st.lists(st.tuples(st.integers(0, 900), st.integers(5, 9), st.integers(BOT, BOT + 9**12)))
WINDOWS = st.builds(
    Window, st.none() | st.integers(0, 50 * DAY), st.none() | st.integers(51 * DAY, 400 * DAY)
)


ALWAYS = Window()


def counted(posts: list[Post], window: Window = ALWAYS, *, is_thread: bool = False) -> Figures:
    tally = Tally()
    tally.add(posts)
    return tally.figures(window, is_thread=is_thread)


def without_starters(posts: list[Post]) -> list[Post]:
    """A starter stands in threads only."""
    return [post for post in posts if post[2] & 3 != STARTER]


@given(posts=POSTS, window=WINDOWS, is_thread=st.booleans(), data=st.data())
def test_shuffling_and_repeating_rows_changes_nothing(
    posts: list[Post], window: Window, is_thread: bool, data: st.DataObject
) -> None:
    posts = posts if is_thread else without_starters(posts)
    again = data.draw(st.permutations(posts + posts[::3]))
    figures = counted(posts, window, is_thread=is_thread)
    more = counted(again, window, is_thread=is_thread)
    assert replace(more, repeated=figures.repeated) == figures
    assert more.repeated == figures.repeated + len(posts[::3])


@given(posts=POSTS, window=WINDOWS, is_thread=st.booleans(), cut=st.integers(0, 50))
def test_a_file_split_in_two_counts_as_one(
    posts: list[Post], window: Window, is_thread: bool, cut: int
) -> None:
    posts = posts if is_thread else without_starters(posts)
    one, two = Tally(), Tally()
    one.add(posts[:cut])
    two.add(posts[cut:])
    one.merge(two)
    whole = counted(posts, window, is_thread=is_thread)
    assert one.figures(window, is_thread=is_thread) == whole


@given(posts=POSTS, bots=BOTS, window=WINDOWS, is_thread=st.booleans())
def test_bots_change_nothing_but_their_own_count(
    posts: list[Post], bots: list[Post], window: Window, is_thread: bool
) -> None:
    posts = posts if is_thread else without_starters(posts)
    alone = counted(posts, window, is_thread=is_thread)
    joined = counted(posts + bots, window, is_thread=is_thread)
    assert replace(joined, bot_posts=0, repeated=0) == replace(alone, repeated=0)


@given(posts=POSTS, window=WINDOWS)
def test_a_second_way_of_counting_agrees(posts: list[Post], window: Window) -> None:
    posts = without_starters(posts)
    chosen = {}
    for key, account, facts in sorted(posts, key=lambda post: (post[2], post[1])):
        chosen.setdefault(key, (facts >> 2, facts & 3, account))
    inside = [
        post
        for post in chosen.values()
        if (window.since is None or window.since <= post[0])
        and (window.until is None or post[0] < window.until)
    ]
    figures = counted(posts, window)
    assert figures.posts == len(inside)
    assert figures.accounts == len({account for _, _, account in inside})
    assert figures.replies == sum(kind == REPLY for _, kind, _ in inside)
    assert figures.reposts == sum(kind == REPOST for _, kind, _ in inside)
    assert (figures.first, figures.last) == (
        (min(inside)[0], max(inside)[0]) if inside else (None, None)
    )
    assert sum(figures.activity) == len(inside)


def test_of_two_rows_with_one_id_a_humans_and_the_earliest_counts() -> None:
    rows = [(1, 5, BOT + (3 << 2)), (1, 5, 9 << 2 | REPLY), (1, 6, 8 << 2), (1, 7, 8 << 2 | REPOST)]
    for _ in range(9):
        random.shuffle(rows)
        figures = counted(rows)
        assert (figures.posts, figures.first, figures.replies, figures.bot_posts) == (1, 8, 0, 0)
        assert figures.repeated == 3


def test_a_thread_turns_to_replies_with_the_second_voice() -> None:
    ada, grace = 1, 2
    posts = [(10, ada, 100 << 2), (11, ada, 101 << 2), (12, grace, 101 << 2), (13, ada, 103 << 2)]
    assert counted(posts, is_thread=True).replies == 2
    assert counted(posts[:2], is_thread=True).replies == 0
    # the starter's words lie outside the window, yet still make the rest replies
    assert counted(posts, Window(since=101), is_thread=True).replies == 2
    starter = (9, grace, 99 << 2 | STARTER)
    assert counted([starter, *posts], is_thread=True).replies == 4
    assert counted([starter, *posts], is_thread=True).posts == 4


def test_active_is_thirty_days_to_the_second() -> None:
    figures = counted([(1, 1, 1000 << 2 | ORIGINAL)])
    assert figures.active(1000 + 30 * DAY)
    assert not figures.active(1001 + 30 * DAY)
    assert not counted([]).active(0)


def test_a_window_without_posts_keeps_its_empty_bins() -> None:
    assert counted([], Window(0, 3 * DAY)).activity == [0, 0, 0]
    assert counted([], Window(0)).activity == []
    assert counted([(1, 1, 9 * DAY << 2)], Window(0, 3 * DAY)).posts == 0
