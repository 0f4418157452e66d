"""Times that come back, by the wall clock, through every clock change."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import recurring_ical_events
from dateutil import rrule, tz
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from icalendar import Calendar, Event, vRecur

from bot.domain.recurrence import Occurrence, Recurrence, to_local, to_utc, zone_named

LONDON, NEW_YORK, LORD_HOWE, KOLKATA = FOUR = (
    "Europe/London",
    "America/New_York",
    "Australia/Lord_Howe",
    "Asia/Kolkata",
)
ZONES = (
    *FOUR,
    *("America/Sao_Paulo", "Africa/Cairo", "Asia/Tehran"),
    *("Pacific/Auckland", "America/St_Johns", "America/Havana"),
)
"""Ten zones: clocks that change by an hour or half of one, north and south, at midnight too.

Europe/Dublin stands apart below: its winter time is a daylight saving of minus an hour, which the
zones of dateutil read wrongly (02:00 on the day of the change would not exist); zoneinfo is right.
"""
days = st.lists(
    st.sampled_from(["MO", "TU", "WE", "TH", "FR", "SA", "SU"]), min_size=1, unique=True
)
rules = st.one_of(
    st.builds(lambda n: f"FREQ=DAILY;INTERVAL={n}", st.integers(1, 40)),
    st.builds(
        lambda n, d: f"FREQ=WEEKLY;INTERVAL={n};BYDAY={','.join(d)}", st.integers(1, 5), days
    ),
    st.builds(lambda n, d: f"FREQ=MONTHLY;BYDAY={n}{d[0]}", st.sampled_from([1, 2, -1]), days),
    st.builds(lambda n: f"FREQ=DAILY;COUNT={n}", st.integers(1, 30)),
    st.just("FREQ=DAILY;BYHOUR=1,2,3"),
)


def at(text: str) -> datetime:
    """Read a wall-clock time, or an instant where the text has an offset."""
    return datetime.fromisoformat(text)


# Around clock changes, where a naive computation goes wrong, and anywhere else.
starts = st.one_of(
    st.datetimes(at("2019-01-01"), at("2031-01-01")),
    st.builds(
        lambda day, minutes: at(day) + timedelta(minutes=minutes),
        st.sampled_from(
            [
                *("2026-03-29", "2026-10-25", "2026-03-08", "2026-11-01", "2026-04-05"),
                *("2026-10-04", "2018-11-04", "2026-04-24", "2022-03-22", "2026-09-27"),
            ]
        ),
        st.integers(0, 240),
    ),
).map(lambda wall: wall.replace(second=0, microsecond=0))


def by_dateutil(
    rule: str, start: datetime, zone: str, after: datetime, count: int
) -> list[datetime]:
    """The same question, answered by python-dateutil's zones, in UTC."""
    there = tz.gettz(zone)
    found: set[datetime] = set()
    for wall in rrule.rrulestr(rule, dtstart=start):
        instant = tz.resolve_imaginary(wall.replace(tzinfo=there, fold=0)).astimezone(tz.UTC)
        if instant > after:
            found.add(instant)
        if len(found) > count + 3:
            break
    return sorted(found)[:count]


@settings(max_examples=300, deadline=None)
@given(rules, starts, st.sampled_from(ZONES), st.integers(-400, 400), st.integers(1, 8))
def test_occurrences_are_those_that_dateutil_finds_in_utc(
    rule: str, start: datetime, zone: str, days_later: int, count: int
) -> None:
    after = to_utc(start, zone) + timedelta(days=days_later, minutes=7)
    found = Recurrence(start, zone, rule).upcoming(after, count)

    assert [one.at for one in found] == by_dateutil(rule, start, zone, after, count)
    assert all(one.at.tzinfo is UTC for one in found)


def by_calendar(rule: str, start: datetime, zone: str, count: int) -> list[datetime]:
    """What a reader of calendars makes of it, in UTC."""
    event = Event()
    event.add("dtstart", start.replace(tzinfo=ZoneInfo(zone)))
    event.add("rrule", vRecur.from_ical(rule))
    calendar = Calendar()
    calendar.add_component(event)
    found: list[datetime] = []
    for one in recurring_ical_events.of(calendar).after(start.replace(tzinfo=ZoneInfo(zone))):
        found.append(one["DTSTART"].dt.astimezone(UTC))
        if len(found) == count:
            break
    return found


def agrees_but_for_the_two_rules(rule: str, start: datetime, zone: str) -> None:
    """Compare eight occurrences with both libraries; where the clock changes, by the rules."""
    ours = Recurrence(start, zone, rule).upcoming(to_utc(start, zone) - timedelta(seconds=1), 8)
    plain = list(rrule.rrulestr(rule, dtstart=start).xafter(start, count=8, inc=True))
    calendar = by_calendar(rule, start, zone, 9)  # a start that fits no rule counts as one there
    there, far = tz.gettz(zone), timedelta(hours=1)
    for one in ours:
        wall = one.local.replace(tzinfo=there)
        exists = tz.datetime_exists(wall)
        if exists and not tz.datetime_ambiguous(wall):
            assert one.at == wall.astimezone(UTC)
            assert one.at in calendar or one.at > calendar[-1]
        elif exists:  # twice: the first time
            assert one.at == wall.replace(fold=0).astimezone(UTC)
            assert any(abs(one.at - other) <= far for other in calendar)
        else:  # never: later by the gap
            assert one.at == tz.resolve_imaginary(wall).astimezone(UTC)
            assert any(abs(one.at - other) <= far for other in calendar)
    kept = {one.local for one in ours}
    for lost in set(plain[: len(ours)]) - kept:  # two wall times may come to one instant in a gap
        assert to_utc(lost, zone) in {one.at for one in ours}


@settings(max_examples=300, deadline=None)
@given(rules, starts, st.sampled_from(ZONES))
def test_no_rule_differs_from_both_libraries_but_by_the_two_rules(
    rule: str, start: datetime, zone: str
) -> None:
    agrees_but_for_the_two_rules(rule, start, zone)


@pytest.mark.torture
@settings(max_examples=10_000, deadline=None, suppress_health_check=list(HealthCheck))
@given(rules, starts, st.sampled_from(ZONES))
def test_ten_thousand_rules_differ_only_by_the_two_rules(
    rule: str, start: datetime, zone: str
) -> None:
    agrees_but_for_the_two_rules(rule, start, zone)


@settings(max_examples=200, deadline=None)
@given(rules, starts, st.sampled_from(ZONES))
def test_going_on_from_each_occurrence_misses_none_and_repeats_none(
    rule: str, start: datetime, zone: str
) -> None:
    recurrence = Recurrence(start, zone, rule)
    before = to_utc(start, zone) - timedelta(seconds=1)
    together = recurrence.upcoming(before, 6)

    one_by_one: list[Occurrence] = []
    while len(one_by_one) < len(together):
        found = recurrence.after(one_by_one[-1].at if one_by_one else before)
        assert found is not None
        one_by_one.append(found)
    assert one_by_one == together


@given(starts, st.sampled_from(ZONES))
def test_a_wall_time_that_exists_is_shown_by_its_clock(wall: datetime, zone: str) -> None:
    shown = to_local(to_utc(wall, zone), zone)

    assert shown == wall or not tz.datetime_exists(wall, tz.gettz(zone))


@pytest.mark.parametrize(
    ("zone", "wall", "utc"),
    [
        (LONDON, "2026-03-29T01:30", "2026-03-29T01:30+00:00"),  # skipped: 02:30 BST
        (NEW_YORK, "2026-03-08T02:30", "2026-03-08T07:30+00:00"),  # skipped: 03:30 EDT
        (LORD_HOWE, "2026-10-04T02:10", "2026-10-03T15:40+00:00"),  # half an hour: 02:40
        (LONDON, "2026-10-25T01:30", "2026-10-25T00:30+00:00"),  # twice: the first
        (NEW_YORK, "2026-11-01T01:30", "2026-11-01T05:30+00:00"),
        (LORD_HOWE, "2026-04-05T01:45", "2026-04-04T14:45+00:00"),
        (KOLKATA, "2026-03-29T01:30", "2026-03-28T20:00+00:00"),
        ("Europe/Dublin", "2026-03-29T01:30", "2026-03-29T01:30+00:00"),  # skipped: 02:30 IST
        ("Europe/Dublin", "2026-10-25T01:30", "2026-10-25T00:30+00:00"),  # twice: the first
        ("Europe/Dublin", "2026-10-25T02:00", "2026-10-25T02:00+00:00"),
    ],
)
def test_a_skipped_time_comes_later_by_the_gap_and_a_repeated_one_comes_first(
    zone: str, wall: str, utc: str
) -> None:
    assert to_utc(at(wall), zone) == at(utc)


@pytest.mark.parametrize(
    ("zone", "start", "hours"),
    [
        (LONDON, "2026-03-22T19:30", [167, 168]),
        (NEW_YORK, "2026-10-25T20:00", [169, 168]),
        (LORD_HOWE, "2026-03-29T19:00", [168.5, 168]),
        (KOLKATA, "2026-03-22T19:30", [168, 168]),
    ],
)
def test_a_weekly_time_stays_the_same_on_the_wall(
    zone: str, start: str, hours: list[float]
) -> None:
    weekly = Recurrence(at(start), zone, "FREQ=WEEKLY")
    found = weekly.upcoming(to_utc(at(start), zone) - timedelta(hours=1), 3)

    assert [one.local.time() for one in found] == [at(start).time()] * 3
    steps = [(later.at - one.at) / timedelta(hours=1) for one, later in zip(found, found[1:])]  # noqa: B905, RUF007
    assert steps == hours


def test_a_time_in_a_fold_comes_once() -> None:
    daily = Recurrence(at("2026-10-24T01:30"), LONDON, "FREQ=DAILY")
    found = daily.upcoming(at("2026-10-24T12:00+00:00"), 2)

    assert [one.at.isoformat() for one in found] == [
        "2026-10-25T00:30:00+00:00",
        "2026-10-26T01:30:00+00:00",
    ]


def test_a_time_in_a_gap_keeps_the_wall_time_it_stands_for() -> None:
    daily = Recurrence(at("2026-03-28T01:30"), LONDON, "FREQ=DAILY")
    [first, second] = daily.upcoming(at("2026-03-28T12:00+00:00"), 2)

    assert first == Occurrence(at("2026-03-29T01:30"), at("2026-03-29T01:30+00:00"))
    assert to_local(first.at, LONDON) == at("2026-03-29T02:30")
    assert second.at == at("2026-03-30T00:30+00:00")


def test_without_a_rule_it_comes_once() -> None:
    once = Recurrence(at("2026-03-05T19:30"), LONDON)

    assert once.after(at("2026-03-01T00:00+00:00")) == Occurrence(
        at("2026-03-05T19:30"), at("2026-03-05T19:30+00:00")
    )
    assert once.after(at("2026-03-05T19:30+00:00")) is None


def test_a_date_that_is_skipped_does_not_come() -> None:
    weekly = Recurrence(
        at("2026-03-05T19:30"), LONDON, "FREQ=WEEKLY;COUNT=3", (at("2026-03-12T19:30"),)
    )
    found = weekly.upcoming(at("2026-03-01T00:00+00:00"), 9)

    assert [one.local.day for one in found] == [5, 19]


@pytest.mark.parametrize(
    "rule",
    [
        "",
        "weekly",
        "FREQ=SOMETIMES",
        "FREQ=WEEKLY;BYDAY=XX",
        "FREQ=WEEKLY;INTERVAL=0",
        "FREQ=WEEKLY;INTERVAL=-1",
        "FREQ=WEEKLY;INTERVAL=two",
        "FREQ=MINUTELY",
        "FREQ=SECONDLY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=DAILY;BYHOUR=25",
        "FREQ=DAILY;BYSETPOS=0",
        "FREQ=WEEKLY;UNTIL=20270101T000000Z",
        "RRULE:FREQ=DAILY",
        "DTSTART;TZID=America/New_York:20200101T000000\nRRULE:FREQ=DAILY",
        "FREQ=DAILY\nFREQ=WEEKLY",
        "INTERVAL=2",
    ],
)
def test_a_rule_that_cannot_be_kept_is_refused_in_one_line(rule: str) -> None:
    with pytest.raises(ValueError, match="is no recurrence rule") as refused:
        Recurrence(at("2026-03-05T19:30"), LONDON, rule)

    assert "write one like FREQ=WEEKLY;BYDAY=TH" in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_start_with_an_offset_is_refused() -> None:
    with pytest.raises(ValueError, match="wall-clock time, without an offset"):
        Recurrence(at("2026-03-05T19:30+00:00"), LONDON)


@pytest.mark.parametrize(
    "zone", ["", "Middle/Earth", "../../etc/passwd", "Europe", "Europe/Lond\0n"]
)
def test_a_zone_that_is_none_is_refused_with_an_example(zone: str) -> None:
    with pytest.raises(ValueError, match="write one like Europe/London"):
        zone_named(zone)
