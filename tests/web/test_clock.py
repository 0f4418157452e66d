"""The page tells the time as the community has it, and moves it on."""

from datetime import timedelta

import pytest

from bot.domain.pages import Upcoming
from tests.web.browser import Browser
from tests.web.village import START, Village


def test_the_clock_moves_to_what_is_due(page: Browser, village: Village) -> None:
    village.ledger.due = [
        Upcoming(START + timedelta(minutes=6), "The chat opens"),
        Upcoming(START + timedelta(days=2), "Late answers close"),
    ]
    soon = "2026-05-12T23:30:00+00:00"
    button = page.get().part(data_clock=soon)
    assert (button["name"], button["value"]) == ("to", soon)
    assert page.get().part(data_upcoming=soon)

    shown = page.submit("clock", {"me": "wen", "to": button["value"]})

    assert village.time == START + timedelta(minutes=6)
    assert '<time datetime="2026-05-12T19:30:00-04:00" id="now">7:30 pm</time>' in shown.text
    assert "It is time: The chat opens" in shown.text
    assert "Thursday, 7:24 pm" in shown.text


def test_the_clock_takes_the_next_thing_due(page: Browser, village: Village) -> None:
    village.ledger.due = [Upcoming(START + timedelta(minutes=6), "The chat opens")]

    page.submit("clock", {"me": "wen", "to": "next"})

    assert village.time == START + timedelta(minutes=6)


def test_another_time_is_read_in_the_communitys_zone(page: Browser, village: Village) -> None:
    page.submit("clock", {"me": "wen", "to": "2026-05-19T19:30"})

    assert village.time == START + timedelta(days=7, minutes=6)


@pytest.mark.parametrize("written", ["soon", "2026-13-01", "9999-12-31T23:59", "0001-01-01T00:00"])
def test_what_is_no_time_is_refused_in_words(page: Browser, written: str) -> None:
    answer = page.call("clock", {"me": "wen", "to": written})

    assert answer.status == 400
    assert answer.json["error"]
