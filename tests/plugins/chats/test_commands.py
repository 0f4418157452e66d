"""What hosts and members ask about chats, and what they are answered."""

from pathlib import Path

import pytest
from sqlalchemy import select

from bot.domain.events import CommandCalled
from bot.kernel.statements import TIMERS
from bot.testing import ADA, HOST, Harness
from plugins.chats import plugin
from tests.plugins.chats.march import march

WEEKLY = 'chats schedule "Tuesdays 7:30 pm" "Wrong answers" What did you try? / What came of it?'


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
