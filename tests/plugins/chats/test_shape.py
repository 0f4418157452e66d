"""The shape of a session: a thread for each question, and none where it would tell of persons."""

import re
from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree as ET

from hypothesis import given
from hypothesis import strategies as st

from bot.testing import ADA, GRACE, HOST, Harness
from plugins.chats.shape import BIN, SMALLEST, Hour, shape

BEGINS = datetime(2026, 3, 3, 19, 30, tzinfo=UTC)
ENDS, CLOSES = BEGINS + timedelta(hours=1), BEGINS + timedelta(hours=73)
HOUR = Hour(BEGINS, ENDS, CLOSES)
minutes = st.integers(0, 73 * 60).map(lambda count: BEGINS + timedelta(minutes=count))


@given(st.lists(minutes, max_size=60))
def test_every_answer_is_in_one_bin(answers: list[datetime]) -> None:
    in_time = [at for at in answers if at <= ENDS]

    assert sum(HOUR.talked(answers)) == len(in_time)
    assert sum(HOUR.after(answers)) == len(answers) - len(in_time)
    assert len(HOUR.talked(answers)) == timedelta(hours=1) / BIN


def test_where_no_late_answers_are_taken_there_is_no_gold() -> None:
    assert Hour(BEGINS, ENDS, ENDS).after([ENDS]) == []


def test_under_ten_answers_there_is_no_shape() -> None:
    assert shape(HOUR, {1: [BEGINS] * (SMALLEST - 1), 2: []}) is None
    assert shape(HOUR, {}) is None


def test_it_says_in_words_what_it_shows() -> None:
    found = shape(HOUR, {1: [BEGINS] * 8, 2: [CLOSES, ENDS]})

    assert found is not None
    assert found.alt == (
        "Two threads, one a question, thick where people answered. "
        "Answers came after the hour to Q2."
    )
    assert [(thread.name, thread.count) for thread in found.threads] == [("Q1", 8), ("Q2", 2)]
    paths = [ET.fromstring(thread.svg) for thread in found.threads]
    assert [[path.get("class") for path in one] for one in paths] == [["talk", "late"]] * 2


def test_past_chats_show_their_shape(bot: Harness) -> None:
    bot.calls(HOST, 'chats schedule "Tuesdays 7:30 pm" "Roses" What did you try? / And then?')
    bot.passes_to(BEGINS + timedelta(minutes=1))
    for number in range(5):
        bot.posts(ADA, f"A1 Thing {number}", bot.chat)
        bot.posts(GRACE, f"A1 Other {number}", bot.chat)
    bot.passes_to(BEGINS + timedelta(hours=14))
    bot.posts(GRACE, "A2 Late, but: flowers.", bot.chat)
    bot.passes(timedelta(days=4))

    shown = bot.panel()
    assert "Answers came after the hour to Q2." in shown
    assert re.findall(r'<span class="num">(\d+)</span>', shown) == ["10", "1"]
    assert 'class="late"' in shown
    assert "Gold is what came after the hour." in shown
