"""Sessions in a platform’s own calendar: once, gone when called off, moved with their date."""

from datetime import timedelta

import pytest

from bot.domain.actions import Action, ScheduleEvent
from bot.domain.model import Space
from bot.domain.ports import Delivery, Gone, Rejected
from bot.testing import HOST, FakeAdapter, Harness
from plugins.chats import plugin
from tests.plugins.chats.march import WEEKLY, march


def meetings(bot: Harness) -> list[tuple[str, str]]:
    found = [act for act in bot.standing if isinstance(act, ScheduleEvent)]
    return [(act.title, f"{act.starts:%d %H:%M} to {act.ends:%H:%M}") for act in found]


def test_an_announced_session_stands_in_the_calendar_once(bot: Harness) -> None:
    bot.calls(HOST, WEEKLY)
    bot.passes_to(march(3, 18))
    assert meetings(bot) == []

    bot.passes_to(march(3, 19))
    bot.restarts()
    bot.passes_to(march(10, 19))

    assert meetings(bot) == [
        ("Wrong answers worth keeping", "03 19:30 to 20:30"),
        ("Tuesday chat", "10 19:30 to 20:30"),
    ]


def test_a_date_called_off_leaves_the_calendar_and_comes_back_with_it(bot: Harness) -> None:
    bot.calls(HOST, WEEKLY)
    bot.passes_to(march(3, 19))

    for _ in range(2):
        bot.calls(HOST, "chats cancel 1 date:next")
        assert meetings(bot) == []
        bot.calls(HOST, "chats restore 1 date:2026-03-03")
        assert [when for _, when in meetings(bot)] == ["03 19:30 to 20:30"]

    bot.calls(HOST, "chats close 2026-03-03 2026-03-03")
    assert meetings(bot) == []


def test_a_date_that_moves_stands_at_its_new_time_alone(bot: Harness) -> None:
    bot.calls(HOST, WEEKLY)
    bot.passes_to(march(3, 19))

    bot.calls(HOST, 'chats move 1 next "5 March 8 pm"')
    assert [when for _, when in meetings(bot)] == ["05 20:00 to 21:00"]
    bot.calls(HOST, 'chats move 1 next "3 March 7:30 pm"')
    assert [when for _, when in meetings(bot)] == ["03 19:30 to 20:30"]
    bot.passes(timedelta(hours=1))

    assert [when for _, when in meetings(bot)] == ["03 19:30 to 20:30"]


def test_every_space_of_a_chat_is_offered_its_meeting() -> None:
    den = Space("fake", "den", "Den", "chat")
    bot = Harness(plugin, spaces=[den])
    bot.calls(HOST, 'chats schedule "3 March 2026 7:30 pm" Ropes also:Den Which? / Why?')
    bot.passes_to(march(3, 19))

    spaces = [act.space for act in bot.standing if isinstance(act, ScheduleEvent)]
    assert spaces == [bot.chat, den]
    bot.calls(HOST, "chats cancel 1")
    assert meetings(bot) == []


def test_hosts_may_leave_the_calendar_alone() -> None:
    bot = Harness(plugin, calendar=False)
    bot.calls(HOST, WEEKLY)
    bot.passes_to(march(3, 22))

    assert not [act for act in bot.ledger if act.kind == "ScheduleEvent"]


class NoCalendar(FakeAdapter):
    """A platform without a calendar, like most."""

    async def perform(self, action: Action, delivery: Delivery) -> str:
        """Leave out what belongs into one."""
        if isinstance(action, ScheduleEvent):
            raise Gone("there is no calendar here")
        return await super().perform(action, delivery)


@pytest.mark.parametrize("change", ["chats cancel 1", 'chats move 1 next "8 pm"', "chats list"])
def test_where_there_is_no_calendar_nobody_hears_of_it(change: str) -> None:
    bot, plain = Harness(plugin, adapter=NoCalendar()), Harness(plugin, calendar=False)
    for one in (bot, plain):
        one.calls(HOST, WEEKLY)
        one.passes_to(march(3, 19))
        one.calls(HOST, change)
        one.passes_to(march(3, 22))

    assert bot.told == plain.told
    assert [act.key for act in bot.sent] == [act.key for act in plain.sent]
    left = [act.state for act in bot.ledger if act.kind == "ScheduleEvent"]
    assert left
    assert set(left) == {"cancelled"}
    assert "dead" not in {act.state for act in bot.ledger}


class Forbidden(FakeAdapter):
    """A platform whose calendar Weaver may not write."""

    async def perform(self, action: Action, delivery: Delivery) -> str:
        if isinstance(action, ScheduleEvent):
            raise Rejected("Weaver lacks the permission Create Events there; switch it on")
        return await super().perform(action, delivery)


def test_hosts_hear_once_a_month_what_lets_weaver_write_the_calendar() -> None:
    bot = Harness(plugin, adapter=Forbidden())
    bot.calls(HOST, WEEKLY)
    bot.passes_to(march(3, 18, 45))
    [told] = bot.told
    assert told == (
        "The Tuesday chat of Tuesday 3 March at 7:30 pm London time (7:30 pm UTC) is announced, "
        "but not in the server's calendar: Weaver lacks the permission Create Events there; switch "
        "it on. The chat takes place all the same. If you want no chats in the calendar, the "
        "operator sets calendar = false for this community."
    )
    bot.passes_to(march(24, 22))

    assert len([words for words in bot.told if "calendar" in words]) == 1
    assert len([act for act in bot.sent if getattr(act, "text", "").startswith("Welcome")]) == 4
