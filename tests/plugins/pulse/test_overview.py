"""The table of all spaces: both readings, each labelled, over any window, small cells withheld."""

import re
from collections import Counter
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.api import Member, Post, Space, Talk
from bot.domain.events import PostSeen
from bot.testing import ADA, GRACE, HOST, Harness
from plugins.pulse import plugin
from plugins.pulse.overview import activity, kind_of, span

ROBOT = Member("fake", "robot", "Robot", is_bot=True)
PEOPLE = (ADA, GRACE, HOST, Member("fake", "nia", "Nia"))


class Tagged(Harness):
    """A community whose chat is a hashtag."""

    chat = Space("fake", "#TallyMath", "#TallyMath", "chat")


@pytest.fixture
def bot() -> Tagged:
    return Tagged(plugin)


def says(
    bot: Harness, number: int, space: Space, kind: str, *tags: str, bots: bool = False
) -> None:
    author = ROBOT if bots else PEOPLE[number % len(PEOPLE)]
    parent = "first" if kind == "reply" else None
    post = Post(
        f"{kind}{number}{tags}{bots}", space, author, "", bot.now, kind, parent, parent, tags
    )  # type: ignore[arg-type]
    bot.dispatches(PostSeen(f"seen-{post.id}", bot.now, space, post))


def test_a_hashtag_has_both_readings_each_labelled(bot: Tagged) -> None:
    for number in range(12):
        says(bot, number, bot.chat, "original", "TallyMath")
    for number in range(6):
        says(bot, number, bot.chat, "reply")
    says(bot, 1, bot.chat, "reply", "tallymath")
    says(bot, 2, bot.chat, "repost")
    for number in range(9):
        says(bot, number, bot.chat, "reply", "TallyMath", bots=True)

    told = bot.calls(ADA, "pulse table").splitlines()

    assert told[0] == "Over the last 28 days; bots are left out:"
    place = next(n for n, line in enumerate(told) if line.startswith("#TallyMath (hashtag): "))
    assert told[place].endswith("█")
    assert told[place + 1 : place + 3] == [
        (
            "7 of 19 posts in whole threads were replies (37 %, likely between 21 and 56, "
            "too few to read anything into)."
        ),
        (
            "As the audit of 2020 counts, only posts that carry the tag, reposts included: "
            "14 posts by 4 people, 3.5 a person; 7.1 % replies, 7.1 % reposts."
        ),
    ]
    assert "Lobby (channel): nobody has posted." in told


def test_the_page_has_the_table_too(bot: Tagged) -> None:
    assert "as the audit of 2020 counts" not in bot.panel()
    for number in range(12):
        says(bot, number, bot.chat, "original", "TallyMath")
        says(bot, number, bot.chat, "reply")
    says(bot, 2, bot.chat, "repost")

    table = bot.panel().partition("every space, as the audit of 2020 counts")[2]
    row = re.sub(r"<[^>]+>", "|", table.partition("#TallyMath")[2].partition("</tr>")[0])
    assert [cell for cell in re.split(r"\|+", row) if cell][1:] == [
        "posts that carry the tag",
        "13",
        "4",
        "3.3",
        "0.0",
        "7.7",
        "whole threads: 12 of 24, 50&nbsp;% (34 to 66)",
    ]
    assert 'class="yarn"' in table
    assert "nobody has posted" in table


def test_small_cells_are_withheld(bot: Tagged) -> None:
    for number in range(9):
        says(bot, number, bot.chat, "original", "TallyMath")
        bot.posts(ADA, f"Thought {number}")
    assert "#TallyMath (hashtag): too few posts to say more." in bot.calls(ADA, "pulse table")
    for number in range(9):
        bot.posts(GRACE, f"Another {number}")

    told = bot.calls(ADA, "pulse table")

    assert "18 posts by too few people to count; 0.0 % replies" in told
    assert "a person" not in told


def test_a_window_may_lie_anywhere(bot: Tagged) -> None:
    for number in range(12):
        says(bot, number, bot.lobby, "original")
    day = bot.now.date()
    bot.passes(timedelta(days=40))

    assert "Lobby (channel): nobody has posted." in bot.calls(ADA, "pulse table")
    told = bot.calls(ADA, f"pulse table days:7 until:{day}")
    assert f"Over 7 days up to {day} (UTC); bots are left out:" in told
    assert "0 of 12 posts were replies" in told
    assert "nobody has posted" in bot.calls(ADA, f"pulse table 7 {day - timedelta(days=1)}")


@pytest.mark.parametrize("words", ["days:0", "days:367", "until:soon", "days:7 until:2026-02-30"])
def test_a_window_that_cannot_be_is_told(bot: Tagged, words: str) -> None:
    said = bot.calls(ADA, f"pulse table {words}")
    assert "between 1 and 366" in said or "is no day: write one like 2026-05-12" in said


@settings(deadline=None)
@given(counts=st.lists(st.integers(0, 9), min_size=1, max_size=120), first=st.dates())
def test_activity_is_by_day_or_by_iso_week(counts: list[int], first: date) -> None:
    found = activity([Talk(count, 0, 0, 5, 0) for count in counts], first)
    if len(counts) <= 32:
        assert found == counts
        return
    weeks = Counter[int]()
    for place, count in enumerate(counts):
        weeks[(place + first.weekday()) // 7] += count
    assert found == [weeks[week] for week in sorted(weeks)]


def test_a_window_up_to_a_day_ends_with_it() -> None:
    window = span(28, "2026-05-12", datetime.max)  # noqa: DTZ901 - not looked at
    assert (window.until - window.since).days == 28
    assert str(window.until) == "2026-05-13 00:00:00+00:00"


@pytest.mark.parametrize(
    ("platform", "native", "kind"),
    [
        ("bluesky", "#TallyMath", "hashtag"),
        ("bluesky", "tally", "account"),
        ("mastodon", "tally", "account"),
        ("discord", "123", "channel"),
    ],
)
def test_a_hashtag_and_an_account_of_the_same_name_are_kept_apart(
    platform: str, native: str, kind: str
) -> None:
    assert kind_of(Space(platform, native)) == kind
