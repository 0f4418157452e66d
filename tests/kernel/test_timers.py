"""A time that a plugin asked for comes once, on time, or is missed and told."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete
from sqlalchemy import event as hooks

from bot.domain.actions import Action, SendPost
from bot.domain.events import Due
from bot.domain.recurrence import Recurrence
from bot.kernel.statements import TIMERS, table
from bot.kernel.timers import Timers
from bot.plugin import Context, Plugin
from bot.storage.tables import LedgerRow
from bot.testing import NOON
from tests.kernel.conftest import Plant
from tests.kernel.garden import LOBBY, WHY, Garden, Note, a_plugin

LONDON = "Europe/London"
HOUR, DAY, WEEK = timedelta(hours=1), timedelta(days=1), timedelta(weeks=1)
GRACE = timedelta(minutes=15)


def noting() -> Plugin[Any]:
    """Make a plugin that writes down what comes due, and says it."""
    plugin = a_plugin()

    @plugin.due("")
    def note(event: Due, ctx: Context[Any]) -> Iterator[Action]:
        how = "missed" if event.missed else "late" if event.late else "on time"
        ctx.db.add(Note(community="", text=f"{event.local:%Y-%m-%d %H:%M} {event.timer} {how}"))
        yield SendPost(ctx.key("due", event.timer, event.local), LOBBY, event.timer, why=WHY)

    return plugin


def sets(garden: Garden, do: Callable[[Timers], Any]) -> Any:
    """A plugin sets its timers."""
    return garden.write(
        lambda t: do(Timers(t, "garden", "notes", LONDON, garden.clock.now())),
    )


def weekly(start: str = "2026-03-05T19:30", **more: Any) -> Recurrence:
    return Recurrence(datetime.fromisoformat(start), LONDON, "FREQ=WEEKLY", **more)


def ticks(garden: Garden, to: datetime) -> int:
    """The clock jumps, and Weaver looks at it."""
    garden.clock.move(to)
    return garden.run(garden.weaver.scheduler.tick())


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def test_a_time_comes_once_and_not_before(plant: Plant) -> None:
    garden = plant(noting())
    sets(garden, lambda timers: timers.once("tea", NOON + HOUR, "Tea"))

    assert ticks(garden, NOON + HOUR - timedelta(microseconds=1)) == 0
    assert ticks(garden, NOON + HOUR) == 1
    assert ticks(garden, NOON + DAY) == 0
    assert garden.texts() == ["2026-03-02 13:00 tea on time"]


def test_setting_a_name_again_replaces_its_time(plant: Plant) -> None:
    garden = plant(noting())
    sets(garden, lambda timers: timers.once("tea", NOON + HOUR, "Tea"))
    sets(garden, lambda timers: timers.once("tea", NOON + 2 * HOUR, "Tea"))
    ticks(garden, NOON + 2 * HOUR)

    assert garden.texts() == ["2026-03-02 14:00 tea on time"]


def test_a_time_that_is_cancelled_does_not_come(plant: Plant) -> None:
    garden = plant(noting())
    sets(garden, lambda timers: timers.once("tea", NOON + HOUR, "Tea"))

    assert sets(garden, lambda timers: timers.next("tea")) == NOON + HOUR
    assert sets(garden, lambda timers: timers.cancel("tea"))
    assert not sets(garden, lambda timers: timers.cancel("tea"))
    assert sets(garden, lambda timers: timers.next("tea")) is None
    assert ticks(garden, NOON + DAY) == 0


def test_within_its_grace_it_is_late_and_runs(plant: Plant) -> None:
    garden = plant(noting())
    sets(garden, lambda timers: timers.once("tea", NOON + HOUR, "Tea"))
    ticks(garden, NOON + HOUR + GRACE)

    assert garden.texts() == ["2026-03-02 13:00 tea late"]
    assert garden.told == []


def test_beyond_its_grace_it_is_missed_and_the_hosts_are_told_once(plant: Plant) -> None:
    garden = plant(noting())
    sets(garden, lambda timers: timers.once("tea", NOON + HOUR, "Tea with Ada"))
    ticks(garden, NOON + 3 * HOUR)
    ticks(garden, NOON + 4 * HOUR)

    assert garden.texts() == ["2026-03-02 13:00 tea missed"]
    [told] = garden.told
    assert told.startswith("Missed: \u201cTea with Ada\u201d was due at 13:00 on 02 March 2026")
    assert "(Europe/London), 2 hours ago" in told


def test_after_three_weeks_one_is_missed_and_then_it_goes_on(plant: Plant) -> None:
    garden = plant(noting())
    sets(garden, lambda timers: timers.repeat("chat", weekly(), "Chat"))
    ticks(garden, at("2026-03-25T10:00"))

    assert garden.texts() == ["2026-03-05 19:30 chat missed"]
    assert len(garden.told) == 1
    assert sets(garden, lambda timers: timers.next("chat")) == at("2026-03-26T19:30")

    ticks(garden, at("2026-03-26T19:30"))
    ticks(garden, at("2026-04-02T18:30"))
    assert garden.texts()[1:] == ["2026-03-26 19:30 chat on time", "2026-04-02 19:30 chat on time"]


def test_setting_the_same_rule_again_changes_nothing(plant: Plant) -> None:
    garden = plant(noting())
    first = sets(garden, lambda timers: timers.repeat("chat", weekly(), "Chat"))
    garden.clock.move(at("2026-03-05T19:35"))
    again = sets(garden, lambda timers: timers.repeat("chat", weekly(), "Chat", {"topic": "roses"}))

    assert first == again == at("2026-03-05T19:30")
    ticks(garden, garden.clock.now())
    assert garden.texts() == ["2026-03-05 19:30 chat late"]


def test_another_rule_begins_anew(plant: Plant) -> None:
    garden = plant(noting())
    sets(garden, lambda timers: timers.repeat("chat", weekly(), "Chat"))
    moved = sets(garden, lambda t: t.repeat("chat", weekly("2026-03-06T18:00"), "Chat"))

    assert moved == at("2026-03-06T18:00")
    assert ticks(garden, at("2026-03-05T19:30")) == 0


def test_a_rule_without_more_dates_leaves_no_timer(plant: Plant) -> None:
    garden = plant(noting())
    over = Recurrence(datetime.fromisoformat("2026-01-01T10:00"), LONDON, "FREQ=DAILY;COUNT=2")
    sets(garden, lambda timers: timers.once("chat", NOON + HOUR, "Chat"))

    assert sets(garden, lambda timers: timers.repeat("chat", over, "Chat")) is None
    assert sets(garden, lambda timers: timers.next("chat")) is None


def test_what_is_said_with_a_timer_comes_with_it(plant: Plant) -> None:
    plugin, heard = a_plugin(), []

    @plugin.due("chat:")
    def hear(event: Due, ctx: Context[Any]) -> Iterator[Action]:
        heard.append((event.timer, event.at, event.payload))
        yield from ()

    garden = plant(plugin)
    sets(garden, lambda timers: timers.once("chat:1", NOON + HOUR, "Q1", {"question": 1}))
    sets(garden, lambda timers: timers.once("tea", NOON + HOUR, "Tea"))
    ticks(garden, NOON + HOUR)

    assert heard == [("chat:1", NOON + HOUR, {"question": 1})]


def test_a_handler_that_fails_loses_its_work_and_the_timer_goes_on(plant: Plant) -> None:
    plugin = a_plugin()

    @plugin.due("")
    def fail(event: Due, ctx: Context[Any]) -> Iterator[Action]:
        ctx.db.add(Note(community="", text="half"))
        yield SendPost(ctx.key("due"), LOBBY, "half", why=WHY)
        raise ValueError

    garden = plant(plugin)
    sets(garden, lambda timers: timers.repeat("chat", weekly(), "Chat"))
    ticks(garden, at("2026-03-05T19:30"))

    assert garden.texts() == []
    assert garden.acts == []
    assert sets(garden, lambda timers: timers.next("chat")) == at("2026-03-12T19:30")


def test_a_tick_that_is_cut_off_happens_exactly_once_in_the_end(plant: Plant) -> None:
    garden = plant(noting(), deliver=False)
    sets(garden, lambda timers: timers.repeat("chat", weekly(), "Chat"))

    def cut_off(connection: Any) -> None:
        raise OSError("the power went")

    hooks.listen(garden.database.write, "commit", cut_off)
    with pytest.raises(OSError, match="the power went"):
        ticks(garden, at("2026-03-05T19:30"))
    hooks.remove(garden.database.write, "commit", cut_off)
    assert garden.texts() == []

    garden.crash()
    garden.start()
    ticks(garden, at("2026-03-05T19:31"))
    assert garden.texts() == ["2026-03-05 19:30 chat late"]
    assert garden.count(LedgerRow) == 1
    assert sets(garden, lambda timers: timers.next("chat")) == at("2026-03-12T19:30")


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    rule=st.sampled_from(["FREQ=DAILY", "FREQ=WEEKLY", "FREQ=DAILY;INTERVAL=3"]),
    start=st.sampled_from(["2026-03-02T12:30", "2026-03-03T01:30", "2026-03-27T01:30"]),
    grace=st.sampled_from([timedelta(0), GRACE, DAY, 3 * DAY]),
    absences=st.lists(
        st.timedeltas(timedelta(0), 3 * WEEK) | st.sampled_from([DAY, WEEK, HOUR]), max_size=5
    ),
)
def test_however_long_weaver_is_away_the_first_may_be_missed_and_the_rest_is_in_time(
    plant: Plant, rule: str, start: str, grace: timedelta, absences: list[timedelta]
) -> None:
    recurrence = Recurrence(datetime.fromisoformat(start), LONDON, rule)
    garden = plant(noting(), deliver=False)
    garden.clock.move(NOON)
    garden.write(lambda t: t.connection.execute(delete(TIMERS)))
    garden.write(lambda t: t.connection.execute(delete(table(Note))))
    sets(garden, lambda timers: timers.repeat("x", recurrence, "X", grace=grace))

    expected, last = [], NOON
    for absence in absences:
        now = garden.clock.now() + absence
        ticks(garden, now)
        came = [one for one in recurrence.upcoming(last, 60) if one.at <= now]
        for number, one in enumerate(came):
            late = now - one.at
            if number == 0 or late <= grace:
                how = "missed" if late > grace else "late" if late else "on time"
                expected.append(f"{one.local:%Y-%m-%d %H:%M} x {how}")
        last = came[-1].at if came else last
    assert garden.texts() == sorted(expected)
