"""How chats are spoken of."""

from datetime import datetime

import pytest

from bot.api import Recurrence
from plugins.chats.words import (
    chat_words,
    length_words,
    prompt_label,
    questions_words,
    rhythm_words,
    soon_words,
)

TUESDAY = datetime.fromisoformat("2026-03-03T19:30")


@pytest.mark.parametrize(
    ("rule", "rhythm", "chat"),
    [
        ("FREQ=WEEKLY;BYDAY=TU", "every Tuesday at", "Tuesday chat"),
        ("FREQ=WEEKLY;BYDAY=TU,TH", "every Tuesday and Thursday at", "chat"),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=TU", "every other Tuesday at", "Tuesday chat"),
        ("FREQ=MONTHLY;BYDAY=1TU", "on the first Tuesday of the month at", "monthly chat"),
        (
            "FREQ=MONTHLY;BYDAY=1TU,3TU",
            "on the first and third Tuesday of the month at",
            "monthly chat",
        ),
        ("FREQ=MONTHLY;BYDAY=-1FR", "on the last Friday of the month at", "monthly chat"),
        (None, "once at", "chat"),
    ],
)
def test_a_rule_is_said_as_people_say_it(rule: str | None, rhythm: str, chat: str) -> None:
    times = Recurrence(TUESDAY, "America/New_York", rule)

    assert rhythm_words(times) == f"{rhythm} 7:30 pm New York time"
    assert chat_words(times) == chat


def test_small_numbers_are_words() -> None:
    assert questions_words(1) == "one question"
    assert questions_words(6) == "six questions"
    assert questions_words(14) == "14 questions"
    assert length_words(10) == "ten minutes"
    assert length_words(60) == "an hour"
    assert length_words(1) == "a minute"
    assert [soon_words(days) for days in (0, 1, 2)] == ["Today", "Tomorrow", "In two days"]


def test_a_long_prompt_is_named_by_its_beginning() -> None:
    assert prompt_label(2, "What came of it?") == "Q2: What came of it?"
    assert (
        prompt_label(2, "Which wrong answer, of all, would you like to keep?")
        == "Q2: Which wrong answer, of all, would\u2026"
    )
