"""What hosts write for a time, and what Weaver makes of it or asks back."""

from datetime import UTC, date, datetime

import pytest

from bot.api import Recurrence, UserError
from plugins.chats.doubt import Unclear
from plugins.chats.when import day_meant, times_meant

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
"""A Monday."""


def meant(words: str, zone: str = "America/New_York") -> Recurrence:
    return times_meant(words, NOON, zone).recurrence


@pytest.mark.parametrize(
    ("words", "start", "rule"),
    [
        ("Tuesdays 7:30 pm", "2026-03-03T19:30", "FREQ=WEEKLY;BYDAY=TU"),
        ("tuesdays at 7:30pm", "2026-03-03T19:30", "FREQ=WEEKLY;BYDAY=TU"),
        ("every Tuesday at 19:30", "2026-03-03T19:30", "FREQ=WEEKLY;BYDAY=TU"),
        ("Every week on Tuesday, 7.30 p.m.", "2026-03-03T19:30", "FREQ=WEEKLY;BYDAY=TU"),
        ("weekly on Thurs 08:30", "2026-03-05T08:30", "FREQ=WEEKLY;BYDAY=TH"),
        ("Mondays 6 am", "2026-03-09T06:00", "FREQ=WEEKLY;BYDAY=MO"),
        ("Mondays noon", "2026-03-02T12:00", "FREQ=WEEKLY;BYDAY=MO"),
        ("Mondays at 12 noon", "2026-03-02T12:00", "FREQ=WEEKLY;BYDAY=MO"),
        ("Tuesdays and Thursdays 8 pm", "2026-03-03T20:00", "FREQ=WEEKLY;BYDAY=TU,TH"),
        ("every other Wednesday at 12:30", "2026-03-04T12:30", "FREQ=WEEKLY;INTERVAL=2;BYDAY=WE"),
        ("fortnightly on Sundays 20:00", "2026-03-08T20:00", "FREQ=WEEKLY;INTERVAL=2;BYDAY=SU"),
        ("every 2 weeks on Friday 20:00", "2026-03-06T20:00", "FREQ=WEEKLY;INTERVAL=2;BYDAY=FR"),
        (
            "every other Wednesday from 11 March at 12:30",
            "2026-03-11T12:30",
            "FREQ=WEEKLY;INTERVAL=2;BYDAY=WE",
        ),
        ("first Wednesday of the month 19:00", "2026-03-04T19:00", "FREQ=MONTHLY;BYDAY=1WE"),
        ("2nd Tuesday of each month at 7 pm", "2026-03-10T19:00", "FREQ=MONTHLY;BYDAY=2TU"),
        ("first and third Mondays 7 pm", "2026-03-02T19:00", "FREQ=MONTHLY;BYDAY=1MO,3MO"),
        ("last Friday of every month 13:00", "2026-03-27T13:00", "FREQ=MONTHLY;BYDAY=-1FR"),
        ("3 December 2026 20:00", "2026-12-03T20:00", None),
        ("Thursday 3rd of December 2026 at 8 pm", "2026-12-03T20:00", None),
        ("December 3, 2026 8pm", "2026-12-03T20:00", None),
        ("December 3 at 8pm", "2026-12-03T20:00", None),
        ("2026-12-03T20:00", "2026-12-03T20:00", None),
        ("2026-12-03 at 20", "2026-12-03T20:00", None),
        ("12 May 20:00", "2026-05-12T20:00", None),
        ("tomorrow 8pm", "2026-03-03T20:00", None),
        ("today at 8 pm", "2026-03-02T20:00", None),
    ],
)
def test_times_that_mean_one_thing(words: str, start: str, rule: str | None) -> None:
    assert meant(words) == Recurrence(datetime.fromisoformat(start), "America/New_York", rule)


@pytest.mark.parametrize(
    ("words", "zone"),
    [
        ("Thursdays 8pm London", "Europe/London"),
        ("Thursdays 8 pm, London time", "Europe/London"),
        ("Thursdays 8 pm new york", "America/New_York"),
        ("first Tuesday of the month 19:00 Europe/Dublin", "Europe/Dublin"),
        ("Thursdays 8pm europe/dublin", "Europe/Dublin"),
        ("Thursdays 8pm America/Argentina/Buenos_Aires", "America/Argentina/Buenos_Aires"),
        ("Thursdays 20:00 UTC", "UTC"),
        ("Thursdays 8 pm US/Eastern", "US/Eastern"),
        ("Thursdays 8 pm Asia/Calcutta", "Asia/Calcutta"),
    ],
)
def test_a_zone_may_be_named(words: str, zone: str) -> None:
    when = times_meant(words, NOON, "Asia/Tokyo")

    assert when.said_zone
    assert when.recurrence.zone == zone


def test_without_a_zone_it_is_the_communitys() -> None:
    when = times_meant("Thursdays 8 pm", NOON, "Asia/Tokyo")

    assert not when.said_zone
    assert when.recurrence.zone == "Asia/Tokyo"


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        ("Thursdays at 8", "'8' may be morning or evening; write 8 am or 8 pm"),
        ("Thursdays 8:30", "'8:30' may be morning or evening; write 8:30 am or 8:30 pm"),
        ("Thursdays at 12", "is 12 noon or midnight? Write 12:00 or 00:00"),
        ("Thursdays midnight", "the midnight before that day, or after it? Write 00:00 or 23:59"),
        ("Thursdays", "at what time? 'Thursdays' has none"),
        ("Thursdays 7 pm and 8 pm", "there is more than one time in that"),
        ("Thursdays 8 pm to 7 pm", "'8 pm to 7 pm' ends before it starts"),
        ("Thursdays 20:00-19:30", "ends before it starts"),
        ("Thursdays 25:00", "there is no '25:00' on the clock"),
        ("Thursdays 13 pm", "there is no '13 pm' on the clock"),
        ("Thursday 8 pm", "every week, or once?"),
        ("next Thursday 8 pm", "which date is 'next'?"),
        ("8 pm", "on which day?"),
        ("every day 8 pm", "on which day?"),
        ("monthly 8 pm", "on which day?"),
        ("every second Wednesday 8 pm", 'do you mean "second Wednesday of the month"'),
        ("last Friday 8 pm", 'do you mean "last Friday of the month"'),
        ("fifth Friday of the month 8 pm", "not every month has a fifth one"),
        ("monthly on Tuesday 8 pm", "which Tuesday of the month?"),
        ("biweekly on Tuesday 8 pm", "'biweekly' means twice to some"),
        ("3/12/2026 8 pm", "3/12/2026 is another day in another country"),
        ("31 June 2026 8 pm", "there is no '31 June 2026' in the calendar"),
        ("Friday 3 December 2026 20:00", "3 December 2026 is a Thursday, not a Friday"),
        ("1 March 8 pm", "1 March 2026 has passed; write 1 March 2027 if you mean that"),
        ("1 March 2025 8 pm", "1 March 2025 has passed"),
        ("today 6 am", "6 am New York time has passed today"),
        ("Thursdays 8 pm Norwich", "Weaver knows no time zone for 'Norwich'; write the zone, like"),
        ("Thursdays 8 pm Europe/Norwich", "there is no time zone 'Europe/Norwich'"),
        ("Thursdays 8 pm EST", "EST does not say which zone"),
        ("Thursdays 8 pm GB", "Weaver knows no time zone for 'GB'; write the zone, like"),
        ("Thursdays 8 pm Louisville", "write America/Kentucky/Louisville or America/Louisville"),
        ("Thursdays 8 pm Europe/London please", "Weaver does not understand 'please' in that"),
        ("every other Wednesday from 12 March 12:30", "12 March 2026 is a Thursday"),
        ("first Wednesday of the month from 11 March 12:30", "does not fall on 11 March 2026"),
        ("8 March 2026 2:30 am", "the clocks go forward in New York then and leave out 2:30 am"),
        ("1 November 2026 1:30 am", "the clocks go back in New York then and 1:30 am comes twice"),
    ],
)
def test_what_is_in_doubt_is_asked_in_one_line(words: str, answer: str) -> None:
    with pytest.raises(UserError) as asked:
        meant(words)

    assert answer in str(asked.value)
    assert "\n" not in str(asked.value)


def test_tomorrow_is_asked_for_when_the_place_has_another_day() -> None:
    with pytest.raises(UserError, match="write the date instead of 'tomorrow'"):
        times_meant("tomorrow 8 pm Auckland", NOON, "America/New_York")


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("2026-05-19", date(2026, 5, 19)),
        ("19 May", date(2026, 5, 19)),
        ("Tuesday 19 May 2026", date(2026, 5, 19)),
        ("May 19", date(2026, 5, 19)),
        ("tomorrow", date(2026, 3, 3)),
    ],
)
def test_dates_in_words(words: str, day: date) -> None:
    assert day_meant(words, NOON.date()) == day


@pytest.mark.parametrize("words", ["", "soon", "Tuesday", "19 May or so", "Monday 19 May"])
def test_words_that_are_no_date_are_asked_back(words: str) -> None:
    with pytest.raises(UserError):
        day_meant(words, NOON.date())


@pytest.mark.parametrize(
    ("words", "readings"),
    [
        ("Thursdays at 8 London", ("Thursdays at 8 am London", "Thursdays at 8 pm London")),
        ("Thursdays at 12", ("Thursdays at 12:00", "Thursdays at 00:00")),
        ("Thursdays midnight", ("Thursdays 00:00", "Thursdays 23:59")),
        ("Thursday 8 pm", ("every Thursday 8 pm", "Thursday 5 March 2026 8 pm")),
        (
            "every second Wednesday 8 pm",
            ("second Wednesday of the month 8 pm", "every other Wednesday 8 pm"),
        ),
        ("biweekly on Tuesday 8 pm", ("every other on Tuesday 8 pm",)),
        ("3/12/2026 8 pm", ("3 December 2026 8 pm", "12 March 2026 8 pm")),
        ("31/12/2026 8 pm", ("31 December 2026 8 pm",)),
        (
            "Thursdays 8 pm IST",
            tuple(
                f"Thursdays 8 pm {zone}"
                for zone in ("Asia/Kolkata", "Europe/Dublin", "Asia/Jerusalem")
            ),
        ),
        (
            "monthly on Tuesday 8 pm",
            tuple(
                f"{nth} Tuesday of the month 8 pm"
                for nth in ("first", "second", "third", "fourth", "last")
            ),
        ),
    ],
)
def test_each_reading_of_what_is_unclear_means_one_thing(
    words: str, readings: tuple[str, ...]
) -> None:
    with pytest.raises(Unclear) as asked:
        meant(words)

    assert asked.value.readings == readings
    for reading in readings:
        assert meant(reading).after(NOON) is not None


@pytest.mark.parametrize(
    ("words", "start", "minutes"),
    [
        ("Thursdays 7 pm to 8:30 pm", "19:00", 90),
        ("Thursdays 7 to 8 pm", "19:00", 60),
        ("Thursdays 11 am - 12:15 pm", "11:00", 75),
        ("Thursdays 19:30 until 21:00", "19:30", 90),
    ],
)
def test_from_when_to_when_says_how_long(words: str, start: str, minutes: int) -> None:
    when = times_meant(words, NOON, "Europe/London")

    assert when.recurrence.start.time().isoformat("minutes") == start
    assert when.minutes == minutes
