"""The calendar: it validates, two readers find the same instants, and changes are told."""

from datetime import UTC, datetime, timedelta
from itertools import takewhile
from zoneinfo import ZoneInfo

import pytest
import recurring_ical_events
import vobject
from hypothesis import given, settings
from hypothesis import strategies as st
from icalendar import Calendar
from sqlmodel import Session

from bot.kernel.dispatch import Turn
from bot.kernel.panels import feed
from bot.kernel.statements import Statements
from bot.kernel.writer import Transaction
from bot.testing import HOST, Harness
from plugins.chats import plugin
from plugins.chats.series import dates_of
from plugins.chats.tables import Series

WEEKLY = 'chats schedule "Tuesdays 7:30 pm" "Roses" What did you try? / What came of it?'
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def of(bot: Harness, about: str = "", community: str = "garden") -> bytes:
    found = feed(
        bot.weaver.ring, bot.weaver.database, "calendar", (community, about), "http://here/"
    )
    assert found is not None
    assert found[0] == "text/calendar; charset=utf-8"
    return found[1]


def instants(text: bytes, days: int = 120) -> list[datetime]:
    """When the chats of a calendar take place, as a reader of calendars finds them."""
    found = recurring_ical_events.of(Calendar.from_ical(text)).between(
        NOON, NOON + timedelta(days=days)
    )
    return sorted(
        one["DTSTART"].dt.astimezone(UTC) for one in found if one["STATUS"] != "CANCELLED"
    )


def at(value: datetime) -> datetime:
    """The instant of a time of vobject's, whose repeated times keep the offset of the first."""
    zone = getattr(value.tzinfo, "zone", None)
    return (value.replace(tzinfo=ZoneInfo(zone)) if zone else value).astimezone(UTC)


def by_vobject(text: bytes, days: int = 120) -> list[datetime]:
    """The same, by another reader: the rule less its exceptions, and what is otherwise."""
    until = NOON + timedelta(days=days)
    found: list[datetime] = []
    events = vobject.readOne(text.decode()).vevent_list
    others = [one for one in events if hasattr(one, "recurrence_id")]
    for event in events:
        if event in others or event.status.value == "CANCELLED":
            continue
        mine = [one for one in others if one.uid.value == event.uid.value]
        exceptions = {at(one.recurrence_id.value) for one in mine}
        exceptions |= {
            at(date) for dates in event.contents.get("exdate", []) for date in dates.value
        }
        times = [event.dtstart.value]
        if hasattr(event, "rrule"):
            event.contents.pop("exdate", None)
            rule = event.getrruleset(addRDate=True)
            times = list(takewhile(lambda time: at(time) <= until, rule))
        found += [at(time) for time in times if at(time) not in exceptions]
        found += [at(one.dtstart.value) for one in mine if one.status.value != "CANCELLED"]
    return sorted(one for one in found if NOON <= one <= until)


def ours(bot: Harness, days: int = 120) -> list[datetime]:
    """When the chats take place by Weaver's own reckoning."""
    database, ring = bot.weaver.database, bot.weaver.ring
    with database.read.connect() as connection, Session(connection) as session:
        reading = Transaction(session, connection, Statements(database), guarded=True)
        looked = ring.registry.communities["garden"]
        enabled = looked.plugins[0]
        ctx = ring.context(Turn(reading, looked, "test", NOON), enabled)
        found = []
        for number in range(1, 9):
            series = session.get(Series, ("garden", number))
            if series is not None and series.cancelled_at is None:
                found += [one.at for one in dates_of(ctx, series).upcoming(NOON, 60)]
    return sorted(at for at in found if at <= NOON + timedelta(days=days))


def test_every_reader_finds_the_same_instants_through_every_change(bot: Harness) -> None:
    bot.calls(HOST, WEEKLY)
    bot.calls(HOST, 'chats schedule "first Wednesday of the month 19:00 New York" "Hands" One?')
    bot.calls(HOST, 'chats schedule "3 May 20:00 UTC" "Once" One?')
    bot.calls(HOST, 'chats move 1 "10 March" "11 March 8 pm"')
    bot.calls(HOST, "chats cancel 1 date:2026-03-17")
    bot.calls(HOST, 'chats close "30 March" "6 April" postpone')
    text = of(bot)

    assert instants(text) == ours(bot)
    assert by_vobject(text) == ours(bot)
    assert datetime(2026, 3, 11, 20, tzinfo=UTC) in ours(bot)
    assert not Calendar.from_ical(text).errors
    assert not any(event.errors for event in Calendar.from_ical(text).walk("VEVENT"))


@settings(max_examples=8, deadline=None)
@given(
    st.sampled_from(
        ["Tuesdays 7:30 pm", "every other Monday 12:30", "last Friday of the month 13:00"]
    ),
    st.sampled_from(["London", "New York", "Lord Howe", "Asia/Kolkata", "UTC", "Sao Paulo"]),
    st.lists(st.sampled_from(["move", "cancel", "skip", "postpone"]), max_size=3),
)
def test_whatever_hosts_do_every_reader_agrees(when: str, zone: str, deeds: list[str]) -> None:
    bot = Harness(plugin)
    bot.calls(HOST, f'chats schedule "{when} {zone}" "Roses" One?')
    for index, deed in enumerate(deeds):
        day = f"{13 + index} April"
        words = {
            "move": 'chats move 1 next "6 March 4 pm"',
            "cancel": "chats cancel 1 date:next",
            "skip": f'chats close "{day}" "{day}"',
            "postpone": f'chats close "1 April" "{day}" postpone',
        }[deed]
        bot.calls(HOST, words)

    assert instants(of(bot)) == ours(bot)
    assert by_vobject(of(bot)) == ours(bot)


def test_a_date_called_off_is_told_as_cancelled_and_the_number_grows(bot: Harness) -> None:
    bot.calls(HOST, WEEKLY)
    [before] = [e for e in Calendar.from_ical(of(bot)).walk("VEVENT") if "RRULE" in e]
    bot.calls(HOST, "chats cancel 1 date:2026-03-17")
    events = Calendar.from_ical(of(bot)).walk("VEVENT")
    [after] = [event for event in events if "RRULE" in event]
    [off] = [event for event in events if event["STATUS"] == "CANCELLED"]

    assert (before["UID"], before["SEQUENCE"]) == (after["UID"], 0)
    assert after["SEQUENCE"] == off["SEQUENCE"] == 1
    assert off["RECURRENCE-ID"].dt.date().isoformat() == "2026-03-17"
    assert after["URL"] == "http://here/"


def test_a_series_called_off_stays_in_the_calendar_as_cancelled(bot: Harness) -> None:
    bot.calls(HOST, WEEKLY)
    bot.calls(HOST, "chats cancel 1")
    [event] = Calendar.from_ical(of(bot)).walk("VEVENT")

    assert event["STATUS"] == "CANCELLED"


def test_the_next_date_says_its_topic(bot: Harness) -> None:
    bot.calls(HOST, WEEKLY)
    summaries = [str(e["SUMMARY"]) for e in Calendar.from_ical(of(bot)).walk("VEVENT")]

    assert "The garden: Tuesday chat: Roses" in summaries


def test_a_feed_may_be_of_one_series_of_one_community_or_of_all(bot: Harness) -> None:
    bot.calls(HOST, WEEKLY)
    bot.calls(HOST, 'chats schedule "3 May 20:00 UTC" "Once" One?')

    assert len({e["UID"] for e in Calendar.from_ical(of(bot, community="")).walk("VEVENT")}) == 2
    assert len({e["UID"] for e in Calendar.from_ical(of(bot, "2")).walk("VEVENT")}) == 1
    nothing = feed(bot.weaver.ring, bot.weaver.database, "calendar", ("garden", "7"), "")
    assert nothing is None
    assert bot.calls(HOST, "chats calendar 7").startswith("there is no chat 7 here")
    assert bot.calls(HOST, "chats calendar").startswith("BEGIN:VCALENDAR")


@pytest.mark.parametrize("community", ["nobody", "garden/1"])
def test_an_unknown_community_has_no_calendar(bot: Harness, community: str) -> None:
    assert feed(bot.weaver.ring, bot.weaver.database, "calendar", (community, ""), "") is None
