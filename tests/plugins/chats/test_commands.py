"""What hosts and members ask about chats, and what they are answered."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.domain.actions import ScheduleEvent, SendPost, Undo
from bot.domain.events import CommandCalled
from bot.kernel.statements import TIMERS
from bot.testing import ADA, HOST, Harness
from plugins.chats import plugin

Said = Callable[[], list[str]]
WEEKLY = 'chats schedule "Tuesdays 7:30 pm" "Wrong answers" What did you try? / What came of it?'
DAY, WEEK = timedelta(days=1), timedelta(days=7)


def march(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 3, day, hour, minute, tzinfo=UTC)


@pytest.fixture(scope="module")
def planned() -> Harness:
    """Give a Weaver with one chat, for tests that change nothing."""
    bot = Harness(plugin)
    bot.calls(HOST, WEEKLY)
    return bot


def test_the_next_eight_dates_are_shown_with_their_zone(bot: Harness) -> None:
    answer = bot.calls(HOST, WEEKLY).splitlines()

    assert answer[0] == (
        "Planned as chat 1: every Tuesday at 7:30 pm London time, an hour in Tea room. You named "
        "no zone, so it is the community’s, Europe/London. The first one has two questions, one "
        "every ten minutes, and is announced an hour ahead."
    )
    assert len(answer) == 11
    assert answer[2] == "- Tuesday 3 March at 7:30 pm London time (7:30 pm UTC)"
    assert answer[9] == "- Tuesday 21 April at 7:30 pm London time (6:30 pm UTC)"
    assert answer[10] == "To take it back: chats cancel 1"


def test_a_single_chat_in_another_zone(bot: Harness) -> None:
    answer = bot.calls(HOST, 'chats schedule "12 May 7:30 pm New York" Roses One?')

    assert "It takes place on Tuesday 12 May at 7:30 pm New York time (11:30 pm UTC)." in answer
    assert "You named no zone" not in answer


@pytest.mark.parametrize(
    ("when", "said"),
    [
        ("today 6:00 pm", "It has one question, and is announced an hour ahead."),
        ("today 12:30 pm", "It has one question, and is announced at once."),
        ("today 12:02 pm", "It has one question."),
    ],
)
def test_a_single_chat_is_announced_while_there_is_time(bot: Harness, when: str, said: str) -> None:
    assert said in bot.calls(HOST, f'chats schedule "{when}" Roses One?')


def test_the_list_shows_what_is_planned(bot: Harness) -> None:
    bot.calls(HOST, WEEKLY)
    bot.calls(HOST, 'chats schedule "first Wednesday of the month 19:00" "Roses" open floor')

    assert bot.calls(ADA, "chats list").splitlines() == [
        (
            "1. Every Tuesday at 7:30 pm London time in Tea room. Next: Tuesday 3 March at 7:30 pm "
            "London time (7:30 pm UTC), “Wrong answers”, two questions."
        ),
        (
            "2. On the first Wednesday of the month at 7 pm London time in Tea room. Next: "
            "Wednesday 4 March at 7 pm London time (7 pm UTC), “Roses”, no prompts yet."
        ),
    ]


def test_the_list_is_friendly_when_it_is_empty(bot: Harness) -> None:
    assert bot.calls(ADA, "chats list") == (
        "No chats are planned. A host can plan one whenever people would like to meet."
    )
    assert 'Plan one: chats schedule "Tuesdays 7:30 pm"' in bot.calls(HOST, "chats list")


def test_the_list_says_what_is_going_on(bot: Harness) -> None:
    bot.calls(HOST, WEEKLY)
    bot.passes_to(march(3, 19, 45))

    assert "Going on now. Next: Tuesday 10 March" in bot.calls(ADA, "chats list")


def test_only_hosts_plan_chats(bot: Harness) -> None:
    assert "for hosts" in bot.calls(ADA, WEEKLY)
    assert bot.calls(ADA, "chats list").startswith("No chats are planned.")


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        ('schedule "Tuesdays at 8" Roses One?', "'8' may be morning or evening"),
        ("schedule Tuesdays 7:30 pm Roses", "at what time? 'Tuesdays' has none; write day and"),
        (f'schedule "Tuesdays 8 pm" Roses One? / {"a" * 300}', "Q2 by 3 characters"),
        (f'schedule "Tuesdays 8 pm" {"a" * 81} One?', "the topic is 1 character too long"),
        (
            'schedule "Tuesdays 8 pm" Roses minutes:15 A? / B?',
            "need 20 minutes and the chat has 15",
        ),
        ('schedule "Tuesdays 8 pm" Roses space:shed A?', "there is no space 'shed' here"),
        ('schedule "Tuesdays 8 pm" Roses pace:-1 A?', "pace is from 1 to 120 minutes"),
        ("cancel 4", "there is no chat 4 here; chats list shows which there are"),
        ("prompts 4 One?", "there is no chat 4 here"),
        ("restore 4", "there is no chat 4 here"),
        ("restore 1", "chat 1 is not cancelled"),
        ("restore 1 date:2026-03-10", "chat 1 has no cancelled date to come on Tuesday 10 March"),
        ("cancel 1 date:2026-03-11", "no date to come on Wednesday 11 March; its next date is Tue"),
        ("cancel 1 date:soon", "'soon' is no date Weaver can read; write it like 19 May 2026"),
        (f"prompts 1 {'a' * 300}", "Q1 by 3 characters"),
        ("prompts 1 A / B / C / D / E / F / G", "7 prompts, one every 10 minutes"),
    ],
)
def test_a_mistake_is_one_plain_line_and_changes_nothing(
    planned: Harness, words: str, answer: str
) -> None:
    before = planned.calls(HOST, "chats list")

    answered = planned.calls(HOST, f"chats {words}")

    assert answer in answered
    assert "\n" not in answered
    assert planned.calls(HOST, "chats list") == before


def test_two_chats_cannot_share_a_space_and_a_time(bot: Harness) -> None:
    bot.calls(HOST, WEEKLY)
    answer = bot.calls(HOST, 'chats schedule "last Tuesday of the month 8:15 pm" Roses One?')

    assert answer == (
        "chat 1 is in the same space at that time, first on Tuesday 31 March at 8:15 pm London "
        "time (7:15 pm UTC); choose another time or another space"
    )
    assert bot.calls(
        HOST, 'chats schedule "last Tuesday of the month 8:15 pm" Roses space:lobby One?'
    ).startswith("Planned as chat 2")


def test_a_cancelled_chat_is_heard_of_no_more(bot: Harness) -> None:
    bot.calls(HOST, WEEKLY)
    answer = bot.calls(HOST, "chats cancel 1")
    bot.passes(2 * WEEK)

    assert answer == (
        "Cancelled: chat 1, every Tuesday at 7:30 pm London time. To bring it back: chats restore 1"
    )
    assert bot.sent == []
    assert bot.calls(ADA, "chats list").startswith("No chats are planned.")
    assert bot.calls(HOST, "chats cancel 1").startswith("chat 1 is cancelled; chats restore 1")


def test_a_number_is_never_given_twice(bot: Harness) -> None:
    bot.calls(HOST, WEEKLY)
    bot.calls(HOST, "chats cancel 1")

    assert bot.calls(HOST, WEEKLY).startswith("Planned as chat 2")


def test_a_chat_cancelled_while_it_goes_on_falls_silent(bot: Harness, said: Said) -> None:
    bot.calls(HOST, WEEKLY)
    bot.passes_to(march(3, 19, 35))
    answer = bot.calls(HOST, "chats cancel 1")
    bot.passes(2 * WEEK)

    assert "The one that is going on ends without a further word" in answer
    assert said()[-1] == "03 19:30 Q1 What did you try?"


def test_a_chat_cancelled_after_its_announcement_is_called_off(bot: Harness, said: Said) -> None:
    bot.calls(HOST, WEEKLY)
    bot.passes_to(march(3, 19))
    bot.calls(HOST, "chats cancel 1")
    bot.passes(WEEK)

    assert len(said()) == 2
    assert said()[1] == (
        "03 19:00 There will be no Tuesday chat on Tuesday 3 March at 7:30 pm London time "
        "(7:30 pm UTC): the hosts have called it off."
    )


def test_a_chat_called_off_and_brought_back_takes_place(bot: Harness, said: Said) -> None:
    bot.calls(HOST, WEEKLY)
    bot.passes_to(march(3, 19))
    for _ in range(2):
        bot.calls(HOST, "chats cancel 1")
        answer = bot.calls(HOST, "chats restore 1")
    bot.passes_to(march(4, 12))

    assert answer.startswith(
        "Chat 1 goes on, every Tuesday at 7:30 pm London time. Next: Tuesday 3"
    )
    assert len([act for act in bot.sent if isinstance(act, Undo) and ":off-" in act.of]) == 2
    standing = [type(act) for act in bot.standing if getattr(act, "space", None) == bot.chat]
    assert (standing.count(SendPost), standing.count(ScheduleEvent)) == (5, 1)
    assert "03 19:40 Q2 What came of it?" in said()


def test_one_date_may_be_left_out(bot: Harness, said: Said) -> None:
    bot.calls(HOST, WEEKLY)
    answer = bot.calls(HOST, "chats cancel 1 date:2026-03-03")
    bot.passes(8 * DAY + timedelta(hours=12))

    assert answer == (
        "No chat 1 on Tuesday 3 March at 7:30 pm London time (7:30 pm UTC). "
        "Next: Tuesday 10 March at 7:30 pm London time (7:30 pm UTC). "
        "To bring it back: chats restore 1 date:2026-03-03"
    )
    assert [words[:8] for words in said()] == [
        *("10 18:30", "10 19:30", "10 19:30", "10 19:40", "10 20:30"),
    ]


@pytest.mark.parametrize("date", ["date:next", '"3 March"', "date:tomorrow", "Tuesday 3 March"])
def test_a_date_may_be_said_in_words(bot: Harness, date: str) -> None:
    bot.calls(HOST, WEEKLY)

    assert bot.calls(HOST, f"chats cancel 1 {date}").startswith("No chat 1 on Tuesday 3 March")


def test_a_date_left_out_by_mistake_is_brought_back(bot: Harness, said: Said) -> None:
    bot.calls(HOST, WEEKLY)
    bot.passes_to(march(3, 19))
    bot.calls(HOST, "chats cancel 1 date:next")
    answer = bot.calls(HOST, "chats restore 1 date:2026-03-03")
    bot.passes(timedelta(hours=1))

    assert answer == ("Chat 1 takes place on Tuesday 3 March at 7:30 pm London time (7:30 pm UTC).")
    assert said()[-1] == "03 19:40 Q2 What came of it?"


def test_a_date_is_not_brought_back_where_another_chat_has_moved_in(bot: Harness) -> None:
    bot.calls(HOST, WEEKLY)
    bot.calls(HOST, "chats cancel 1 date:2026-03-10")
    bot.calls(HOST, 'chats schedule "10 March 7:30 pm" Roses One?')

    assert bot.calls(HOST, "chats restore 1 date:2026-03-10").startswith("chat 2 is in the same")


def test_todays_chat_may_be_ended_alone(bot: Harness, said: Said) -> None:
    bot.calls(HOST, WEEKLY)
    bot.passes_to(march(3, 19, 35))
    bot.calls(HOST, "chats cancel 1 date:today")
    bot.passes(WEEK)

    assert said()[2] == "03 19:30 Q1 What did you try?"
    assert said()[3].startswith("10 18:30 Tuesday 10 March")


def test_a_cancelled_chat_stays_cancelled_over_a_restart(bot: Harness) -> None:
    bot.calls(HOST, WEEKLY)
    bot.calls(HOST, "chats cancel 1")
    bot.restarts()
    bot.passes(2 * WEEK)

    assert bot.sent == []


def test_the_page_shows_the_next_chat_as_a_ticket(bot: Harness) -> None:
    assert bot.panel() == ""

    bot.calls(HOST, 'chats schedule "Tuesdays 7:30 pm New York" "Wrong <answers>" One? / Two?')

    assert 'class="ticket"' in bot.panel()
    assert "“Wrong &lt;answers&gt;”" in bot.panel()
    assert 'datetime="2026-03-03T19:30-05:00"' in bot.panel()
    assert "Tuesday 3 March<br>7:30 pm to 8:30 pm New York time" in bot.panel()
    assert "Tomorrow. Wednesday 4 March at 12:30 am UTC." in bot.panel()


def test_what_weaver_will_do_next_is_said_in_short(bot: Harness) -> None:
    bot.calls(HOST, WEEKLY)

    def coming() -> list[str]:
        with bot.weaver.database.read.connect() as connection:
            return list(connection.scalars(select(TIMERS.c.label).order_by(TIMERS.c.next_at)))

    assert coming() == [
        "Announcement of the Tuesday chat",
        "The Tuesday chat opens: hello, then Q1",
    ]
    bot.passes_to(march(3, 19, 31))
    assert coming()[:3] == [
        "A look whether Q1 is quiet",
        "A look whether Q1 still flows",
        "Q2: What came of it?",
    ]


def test_nothing_is_kept_about_anybody(bot: Harness) -> None:
    bot.calls(HOST, WEEKLY)
    bot.forgets(HOST)

    assert not any(kept for name, kept in bot.tells(HOST).items() if name != "topics")
    assert "1. Every Tuesday" in bot.calls(ADA, "chats list")


def test_every_command_and_setting_is_in_the_readme() -> None:
    text = (Path(__file__).parents[3] / "plugins/chats/README.md").read_text("utf-8")

    assert all(f"chats {command.name}" in text for command in plugin.commands)
    assert all(f"`{name}`" in text for name in plugin.settings.model_fields)


def test_what_is_unclear_is_asked_back_with_a_button_for_each_reading(bot: Harness) -> None:
    event = CommandCalled("ask", bot.now, bot.lobby, HOST, WEEKLY.replace("7:30 pm", "at 8"))
    [answer] = bot._run(bot.weaver.ring(event)).answers
    assert [(button.label, button.command) for button in answer.buttons] == [
        ("Tuesdays at 8 am", "chats choose 1 1"),
        ("Tuesdays at 8 pm", "chats choose 1 2"),
    ]
    assert bot.tells(HOST)["drafts"] == ["Wrong answers"]

    assert bot.calls(HOST, "chats choose 1 3") == "reading is from 1 to 2, not 3"
    planned = bot.calls(HOST, "chats choose 1 2")

    assert planned.startswith("Planned as chat 1: every Tuesday at 8 pm London time")
    assert bot.calls(HOST, "chats choose 1 2").startswith("nothing waits for that answer any more")
    assert bot.tells(HOST)["drafts"] == []
