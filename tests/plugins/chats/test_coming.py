"""Who is coming, in words or in a platform's calendar: each once, and the last word holds."""

from datetime import UTC, datetime
from itertools import count

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.actions import ScheduleEvent
from bot.domain.events import MeetingAnswered, MeetingCounted
from bot.domain.model import Member
from bot.testing import ADA, GRACE, HOST, Harness
from plugins.chats import plugin

WEEKLY = 'chats schedule "Tuesdays 7:30 pm" Roses Which? / Why?'
_serial = count(1)
PEOPLE = (ADA, GRACE, Member("fake", "may"))


def announced() -> Harness:
    bot = Harness(plugin)
    bot.calls(HOST, WEEKLY)
    bot.passes_to(datetime(2026, 3, 3, 18, 45, tzinfo=UTC))
    return bot


def meeting(bot: Harness) -> str:
    """What the platform calls the meeting that stands in its calendar now."""
    [receipt] = [made for act, made in bot.adapter.made.values() if isinstance(act, ScheduleEvent)]
    return receipt


def answers(bot: Harness, member: Member, *, coming: bool = True, what: str = "") -> None:
    about = what or meeting(bot)
    event = MeetingAnswered(f"r{next(_serial)}", bot.now, bot.chat, member, about, coming)
    bot.dispatches(event)


def counted(bot: Harness, *members: Member) -> None:
    event = MeetingCounted(f"c{next(_serial)}", bot.now, bot.chat, meeting(bot), members)
    bot.dispatches(event)


def expected(bot: Harness) -> int:
    """How many a member reads are expected."""
    words = bot.calls(HOST, "chats list")
    _, _, rest = words.partition("questions, ")
    return int(rest.split()[0]) if rest else 0


def test_one_person_is_counted_once_however_often_they_say_so() -> None:
    bot = announced()
    bot.calls(ADA, "chats coming 1")
    answers(bot, ADA)
    answers(bot, ADA)
    answers(bot, GRACE)

    assert expected(bot) == 2


def test_the_last_word_holds_wherever_it_was_said() -> None:
    bot = announced()
    bot.calls(ADA, "chats coming 1")
    answers(bot, ADA)
    answers(bot, ADA, coming=False)
    assert expected(bot) == 0

    answers(bot, ADA)
    bot.calls(ADA, "chats coming 1 no")
    assert expected(bot) == 0


def test_what_was_not_heard_is_counted_anew_and_words_stay() -> None:
    bot = announced()
    bot.calls(ADA, "chats coming 1")
    answers(bot, GRACE)
    counted(bot, PEOPLE[2])

    assert expected(bot) == 2
    assert bot.tells(GRACE)["coming"] == []
    assert bot.tells(PEOPLE[2])["coming"] == ["chat 1: interested 2026-03-03T19:30:00"]


def test_meetings_of_others_are_none_of_ours() -> None:
    bot = announced()
    answers(bot, ADA, what="another")

    assert bot.tells(ADA)["coming"] == []


def test_who_came_is_forgotten_when_the_session_is_over() -> None:
    bot = announced()
    answers(bot, ADA)
    bot.passes_to(datetime(2026, 3, 6, tzinfo=UTC))

    assert bot.tells(ADA)["coming"] == []


STEP = st.tuples(st.sampled_from(("word", "no", "add", "remove")), st.sampled_from(PEOPLE))


@settings(max_examples=12, deadline=None)
@given(st.lists(STEP, max_size=8))
def test_the_count_is_that_of_people_whose_last_word_was_yes(
    steps: list[tuple[str, Member]],
) -> None:
    bot, coming = announced(), set[str]()
    for what, member in steps:
        if what in ("word", "no"):
            bot.calls(member, f"chats coming 1{' no' if what == 'no' else ''}")
        else:
            answers(bot, member, coming=what == "add")
        (coming.add if what in ("word", "add") else coming.discard)(member.key)

    assert expected(bot) == len(coming)
    bot._close()
