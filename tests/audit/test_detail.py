"""Weeks and bands: counted a second way, alike in any order, and withheld where they are few."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.audit.detail import Bands, Detail, detail
from bot.audit.figures import Tally, Window
from bot.audit.posts import BOT, ORIGINAL, REPLY, REPOST, Post
from bot.domain.measures import DAY

MONDAY = 1_590_969_600  # 2020-06-01
WEEK = 7 * DAY
POSTS = st.lists(
    st.tuples(
        st.integers(0, 10**6),
        st.integers(1, 25),
        st.builds(lambda at, kind: at << 2 | kind, st.integers(0, 400 * DAY), st.integers(0, 2)),
    ),
    unique_by=lambda post: post[0],
    max_size=80,
)


def counted(posts: list[Post], window: Window = Window()) -> Detail:  # noqa: B008 - it is frozen
    tally = Tally()
    tally.add(posts)
    return detail(tally, window)


def talk(*written: int, weeks: int = 1) -> list[Post]:
    """So many posts by each of so many people, each person's spread over some weeks."""
    found = []
    for who, count in enumerate(written, 1):
        for number in range(count):
            at = MONDAY + number % weeks * WEEK + who
            found.append((who * 1000 + number, who, at << 2 | ORIGINAL))
    return found


@settings(deadline=None)
@given(posts=POSTS, data=st.data())
def test_order_and_bots_change_nothing(posts: list[Post], data: st.DataObject) -> None:
    again = data.draw(st.permutations(posts))
    bots = [(key + 10**9, 9, facts + BOT) for key, _, facts in posts[::2]]
    assert counted([*bots, *again]) == counted(posts)


@settings(deadline=None)
@given(posts=POSTS)
def test_a_second_way_of_counting_agrees(posts: list[Post]) -> None:
    said = [(who, facts >> 2, facts & 3) for _, who, facts in posts if facts & 3 != REPOST]
    found = counted(posts)
    mondays = Counter(
        (day := datetime.fromtimestamp(at, UTC).date()) - timedelta(days=day.weekday())
        for _, at, _ in said
    )
    assert {week.monday: week.posts for week in found.weeks if week.posts} == dict(mondays)
    assert sum(week.replies for week in found.weeks) == sum(kind == REPLY for *_, kind in said)
    assert found.people == len({who for who, *_ in said})
    if found.bands:
        amounts = sorted(Counter(who for who, *_ in said).values(), reverse=True)
        core = next(n for n in range(1, 99) if 2 * sum(amounts[:n]) >= len(said))
        assert found.bands.core == found.carried_by == core
        bands = found.bands
        assert bands.core + bands.active + bands.peripheral == found.people


def test_weeks_without_posts_are_kept_between_the_first_and_the_last() -> None:
    weeks = counted([(1, 1, MONDAY << 2), (2, 1, MONDAY + 2 * WEEK << 2 | REPLY)]).weeks
    assert [(week.monday, week.posts, week.replies) for week in weeks] == [
        (date(2020, 6, 1), 1, 0),
        (date(2020, 6, 8), 0, 0),
        (date(2020, 6, 15), 1, 1),
    ]


def test_the_bands() -> None:
    coming = talk(20, 20, 20, weeks=2) + [
        (key + 10**5, who + 10, facts) for key, who, facts in talk(*[4] * 5, weeks=2)
    ]
    passing = [(key + 10**6, who + 50, facts) for key, who, facts in talk(*[1] * 25)]
    assert counted(coming + passing).bands == Bands(core=3, active=5, peripheral=25)


def test_what_would_single_somebody_out_is_withheld() -> None:
    assert counted(talk(*[5] * 9)) == replace(
        counted(talk(*[5] * 9)), bands=None, carried_by=None
    )  # under ten people
    one = counted(talk(90, *[1] * 12))
    assert (one.bands, one.carried_by) == (None, None)
    two_came_back = counted(
        [
            *talk(*[9] * 6),
            *[
                (key + 10**6, who + 50, facts)
                for key, who, facts in talk(2, 2, weeks=2) + talk(*[0] * 2, *[1] * 6)
            ],
        ]
    )
    assert (two_came_back.bands, two_came_back.carried_by) == (None, 4)


def test_a_window_narrows_it() -> None:
    assert counted(talk(3, weeks=3), Window(since=MONDAY + WEEK)).weeks[0].monday == date(
        2020, 6, 8
    )
