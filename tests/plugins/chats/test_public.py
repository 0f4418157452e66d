"""What anybody can read of chats: dates to come, and the words of people who let them."""

from datetime import timedelta

import pytest

from bot.domain.model import Member
from bot.testing import ADA, GRACE, HOST, Harness
from plugins.chats import plugin
from tests.plugins.chats.march import march

MAY = Member("fake", "may", "May <b>")
WEEKLY = 'chats schedule "Tuesdays 7:30 pm" Roses What did you try? / What came of it?'
SESSION = "1/2026-03-03"


@pytest.fixture
def bot() -> Harness:
    """Give a Weaver after a chat in which Ada and May said yes and Grace nothing."""
    bot = Harness(plugin)
    bot.calls(HOST, WEEKLY)
    for member in (ADA, MAY):
        bot.calls(member, "me yes transcript")
    bot.passes_to(march(3, 19, 31))
    bot.posts(GRACE, "A1 I keep this to myself.", bot.chat)
    bot.ada = bot.posts(ADA, "A1 I pruned <in> March.", bot.chat)  # type: ignore[attr-defined]
    bot.posts(MAY, "A1 So did I.", bot.chat)
    bot.passes_to(march(4, 9))
    bot.posts(MAY, "A2 Late: flowers.", bot.chat)
    bot.passes_to(march(5, 21))
    return bot


def session(bot: Harness) -> str:
    shown = bot.shows("chats", SESSION)
    assert shown is not None
    return shown


def test_a_session_shows_the_words_of_who_said_yes_and_counts_the_rest(bot: Harness) -> None:
    shown = session(bot)

    assert "<h1>Roses</h1>" in shown
    assert '<time datetime="2026-03-03T19:30+00:00">Tuesday 3 March at 7:30 pm London' in shown
    assert "A1 I pruned &lt;in&gt; March." in shown
    assert "<b>May &lt;b&gt;</b>" in shown
    assert "keep this to myself" not in shown
    assert "1 more answer by people who did not ask to be shown." in shown
    assert shown.index("Later, and just as welcome") < shown.index("A2 Late: flowers.")
    assert shown.count('rel="nofollow">original') == 3
    assert "Three people posted; 0 of 4 posts were replies." in shown
    assert 'Next chat: <time datetime="2026-03-10T19:30+00:00">' in shown


def test_a_no_takes_words_down_at_once_and_so_does_a_deletion(bot: Harness) -> None:
    bot.calls(MAY, "me no transcript")
    assert "flowers" not in session(bot)
    assert "So did I" not in session(bot)

    bot.deletes(bot.ada)  # type: ignore[attr-defined]
    assert "pruned" not in session(bot)


def test_stop_takes_words_down_too(bot: Harness) -> None:
    bot.calls(ADA, "stop")

    assert "pruned" not in session(bot)


def test_who_is_not_for_everybody_is_counted_and_not_shown_while_they_wish_so(
    bot: Harness,
) -> None:
    bot.adapter.private.add("may")
    shown = session(bot)
    assert "A1 So did I." not in shown
    assert "May" not in shown
    assert "pruned" in shown
    assert "2 more answers by people who did not ask to be shown." in shown
    assert "A1 So did I." in bot.calls(ADA, "chats transcript 1"), "people here may read it"

    bot.adapter.private.clear()
    assert "A1 So did I." in session(bot)


def test_while_answers_count_nothing_that_people_said_is_shown(bot: Harness) -> None:
    bot.calls(HOST, "chats prompts 1 And now?")
    bot.passes_to(march(10, 19, 31))
    bot.posts(ADA, "A1 Mulch.", bot.chat)
    bot.passes(timedelta(hours=2))

    shown = bot.shows("chats", "1/2026-03-10") or ""

    assert "Answers still count until" in shown
    assert "And now?" in shown
    assert "Mulch" not in shown


def test_a_series_shows_what_is_to_come_its_calendar_and_its_archive(bot: Harness) -> None:
    bot.calls(HOST, "chats prompts 1 topic:Slugs Why do they come?")

    shown = bot.shows("chats", "1") or ""

    assert "Every Tuesday at 7:30 pm London time, an hour." in shown
    assert "<h3>“Slugs”</h3>" in shown
    assert 'href="webcal://weaver.example/calendar/garden/1.ics"' in shown
    assert shown.count("<time ") == 8
    assert 'href="/chats/garden/1/2026-03-03">Roses</a>' in shown


def test_a_community_shows_its_chats_and_what_was_said(bot: Harness) -> None:
    shown = bot.shows("chats") or ""

    assert "<h1>Chats in The garden</h1>" in shown
    assert '<a href="/chats/garden/1">Tuesday chat</a>' in shown
    assert 'href="webcal://weaver.example/calendar/garden.ics"' in shown
    assert 'href="/chats/garden/1/2026-03-03">Roses</a>' in shown


def test_a_chat_that_ended_keeps_its_archive(bot: Harness) -> None:
    bot.calls(HOST, "chats cancel 1")

    assert "What was said in it stays." in (bot.shows("chats", "1") or "")
    assert "No chat is planned just now." in (bot.shows("chats") or "")
    assert "pruned" in session(bot)


@pytest.mark.parametrize(
    "about", ["7", "1/2026-03-04", "1/2026-03-10", "x", "1/%", "1/2026-03-03/x"]
)
def test_what_is_not_there_is_no_page(bot: Harness, about: str) -> None:
    assert bot.shows("chats", about) is None


def test_hosts_may_want_no_pages() -> None:
    bot = Harness(plugin, pages=False)
    bot.calls(HOST, WEEKLY)

    assert bot.shows("chats") is None
    assert bot.shows("chats", "1") is None


def test_a_summary_fits_a_newsletter_and_names_nobody(bot: Harness) -> None:
    assert bot.calls(HOST, "chats summary 1").splitlines() == [
        "“Roses”, our Tuesday chat of Tuesday 3 March at 7:30 pm London time (7:30 pm UTC).",
        (
            "Three people posted; 0 of 4 posts were replies. Weaver’s own posts and reposts are "
            "left out."
        ),
        "",
        "Q1 What did you try? (3 answers)",
        "Q2 What came of it? (1 answer)",
        "",
        (
            "Next chat: Tuesday 10 March at 7:30 pm London time (7:30 pm UTC). "
            "Come late if you need to."
        ),
    ]
