"""Each act is delivered once in effect, in the order of its conversation."""

import asyncio
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from bot.domain.actions import Action, Ref, Reply, Repost, Urgency
from bot.domain.events import Delivered, Failed
from bot.domain.ports import Rejected, TryLater
from bot.kernel import delivery
from bot.plugin import Context, Plugin
from tests.kernel.conftest import Plant
from tests.kernel.garden import LOBBY, SHED, TEA, WALL, WHY, Deaf, Note, a_plugin, sends

MINUTE = timedelta(minutes=1)
ONE, TWO, THREE = (f"notes:garden:{number}" for number in (1, 2, 3))


def a_minute(attempt: int) -> float:
    return 60.0


def hearing() -> Plugin[Any]:
    """Make a plugin that writes down what became of its acts."""
    plugin = a_plugin()

    @plugin.on(Delivered)
    def delivered(event: Delivered, ctx: Context[Any]) -> Iterator[Action]:
        ctx.db.add(Note(community="", text=f"delivered {event.key} as {event.receipt}"))
        yield from ()

    @plugin.on(Failed)
    def failed(event: Failed, ctx: Context[Any]) -> Iterator[Action]:
        ctx.db.add(Note(community="", text=f"failed {event.key}: {event.why}"))
        yield from ()

    return plugin


def test_what_is_decided_is_done_and_its_plugin_hears_of_it(plant: Plant) -> None:
    garden = plant(hearing())
    garden.decides(sends("1"))
    garden.delivers()

    assert garden.act(ONE).state == "done"
    assert garden.act(ONE).receipt == "fake-1"
    assert garden.texts() == [f"delivered {ONE} as fake-1"]


def test_a_conversation_is_in_order_and_a_failing_head_blocks_only_its_own(plant: Plant) -> None:
    garden = plant(backoff=a_minute)
    garden.adapter.moods[ONE] = [ConnectionError("gone")]
    garden.decides(sends("1"), sends("2"), sends("3", TEA))

    garden.delivers()
    assert garden.adapter.keys == [ONE, THREE]

    garden.delivers(after=MINUTE)
    assert garden.adapter.keys == [ONE, THREE, ONE, TWO]
    assert set(garden.states.values()) == {"done"}


def test_replies_to_one_post_wait_for_each_other_and_for_no_other_thread(plant: Plant) -> None:
    garden = plant(backoff=a_minute)
    garden.adapter.known |= {"p", "q"}
    garden.adapter.moods[ONE] = [ConnectionError("gone")]
    posts = ((ONE, "p"), (TWO, "p"), (THREE, "q"))
    garden.decides(*(Reply(key, LOBBY, post, "yes", why=WHY) for key, post in posts))

    garden.delivers()
    assert garden.adapter.keys == [ONE, THREE]


def test_who_waits_is_served_first(plant: Plant, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(delivery, "WIDTH", 1)
    garden = plant()
    garden.decides(
        sends("bulk", LOBBY),
        sends("step", TEA, urgency=Urgency.CHAT_STEP),
        sends("person", WALL, urgency=Urgency.PERSON_WAITS),
        sends("another", SHED),
    )
    garden.delivers()

    names = [key.rpartition(":")[2] for key in garden.adapter.keys]
    assert names == ["person", "step", "bulk", "another"]


def test_what_the_platform_says_about_waiting_wins_and_rests_the_account(plant: Plant) -> None:
    garden = plant(backoff=a_minute)
    garden.adapter.known.add("post")
    garden.adapter.moods[ONE] = [TryLater("slow down", 10.0)]
    garden.decides(sends("1"))
    garden.delivers()
    garden.decides(sends("2", TEA), Repost(THREE, WALL, LOBBY, "post", why=WHY))

    garden.delivers(after=timedelta(seconds=9))
    assert garden.adapter.keys == [ONE, THREE], "another account has no rest"

    garden.delivers(after=timedelta(seconds=1))
    assert sorted(garden.adapter.keys[2:]) == [ONE, TWO]
    assert garden.act(ONE).state == "done"


def test_try_later_without_a_time_waits_as_after_any_failure(plant: Plant) -> None:
    garden = plant(backoff=a_minute)
    garden.adapter.moods[ONE] = [TryLater("busy")]
    garden.decides(sends("1"), sends("2", TEA))

    garden.delivers()
    assert garden.states == {ONE: "todo", TWO: "done"}
    assert garden.act(ONE).error == "busy"
    garden.delivers(after=MINUTE)
    assert garden.act(ONE).state == "done"


def test_what_the_platform_refuses_is_given_up_and_the_hosts_are_told(plant: Plant) -> None:
    garden = plant(hearing())
    garden.adapter.moods[ONE] = [Rejected("too long")]
    garden.decides(sends("1"))
    garden.delivers()

    assert garden.act(ONE).state == "dead"
    assert garden.texts() == [f"failed {ONE}: too long"]
    [told] = garden.told
    assert "number 1 in the ledger): too long" in told
    assert "weaver ledger retry 1" in told
    assert [getattr(action, "space", None) for action in garden.adapter.sent] == [SHED]


def test_a_notice_that_cannot_be_given_leads_to_no_other(plant: Plant) -> None:
    garden = plant()
    garden.adapter.moods[""] = [Rejected("no"), Rejected("no")]
    garden.decides(sends("1"))
    garden.delivers()

    assert list(garden.states.values()) == ["dead", "dead"]


def test_an_unknown_outcome_is_performed_again_under_the_same_key(plant: Plant) -> None:
    garden = plant(hearing())
    garden.adapter.moods[ONE] = [Deaf(), ConnectionError("gone"), None]
    garden.decides(sends("1"))
    garden.delivers()

    assert garden.adapter.calls == [(ONE, 1), (ONE, 2), (ONE, 3)]
    assert len(garden.adapter.sent) == 1
    assert garden.texts() == [f"delivered {ONE} as fake-1"]


def test_a_platform_that_does_not_answer_is_not_waited_for_for_ever(plant: Plant) -> None:
    garden = plant(backoff=a_minute)
    garden.weaver.delivery._lease = timedelta(milliseconds=50)
    garden.adapter.moods[ONE] = [asyncio.Event()]
    garden.decides(sends("1"))

    garden.delivers()
    assert garden.act(ONE).error == "TimeoutError"
    garden.delivers(after=MINUTE)
    assert garden.act(ONE).state == "done"


def test_after_eight_tries_it_is_given_up_and_a_person_may_grant_eight_more(plant: Plant) -> None:
    asked: list[int] = []
    garden = plant(hearing(), backoff=lambda attempt: asked.append(attempt) or 0.0)
    garden.adapter.moods[ONE] = [ConnectionError("gone") for _ in range(16)]
    garden.decides(sends("1"))
    garden.delivers()

    assert garden.adapter.calls == [(ONE, attempt) for attempt in range(1, 9)] + [
        (f"core:garden:dead:{garden.act(ONE).seq}", 1)
    ]
    assert garden.act(ONE).state == "dead"
    assert garden.act(ONE).error == ("given up after 8 tries; the last said: ConnectionError: gone")

    assert garden.run(garden.weaver.retry(ONE))
    garden.delivers()
    assert garden.act(ONE).error == (
        "given up after 16 tries; the last said: ConnectionError: gone"
    )
    assert asked == [*range(1, 8)] * 2, "a new round begins with short waits"

    garden.run(garden.weaver.retry(ONE))
    garden.delivers()
    assert garden.act(ONE).state == "done"
    assert len(garden.told) == 1


def test_only_what_was_given_up_can_be_retried(plant: Plant) -> None:
    garden = plant()
    garden.decides(sends("1"))
    garden.delivers()

    assert not garden.run(garden.weaver.retry(ONE))
    assert not garden.run(garden.weaver.retry("notes:garden:nothing"))


def test_a_platform_that_is_not_connected_is_no_reason_to_wait(plant: Plant) -> None:
    garden = plant()
    garden.weaver.delivery._adapters = {}
    garden.decides(sends("1"))
    garden.delivers()

    assert garden.act(ONE).error == "no platform of that name is connected"


def test_a_reply_finds_the_post_that_an_earlier_act_made(plant: Plant) -> None:
    garden = plant()
    garden.decides(sends("1"), Reply(TWO, LOBBY, Ref(ONE), "and this", why=WHY))
    garden.delivers()

    assert garden.states == {ONE: "done", TWO: "done"}


def test_a_reply_to_a_post_that_never_came_about_is_not_made(plant: Plant) -> None:
    garden = plant(hearing())
    garden.adapter.moods[ONE] = [Rejected("no")]
    garden.decides(sends("1"), Reply(TWO, LOBBY, Ref(ONE), "and this", why=WHY))
    garden.delivers()

    assert garden.act(TWO).state == "cancelled"
    assert garden.act(TWO).error == "the post it is about never came about: it is dead"
    assert TWO not in garden.adapter.keys
    assert f"failed {TWO}: the post it is about never came about: it is dead" in garden.texts()


def test_a_reply_to_an_act_that_nobody_decided_is_not_made(plant: Plant) -> None:
    garden = plant()
    garden.decides(Reply(TWO, LOBBY, Ref("notes:garden:nothing"), "and this", why=WHY))
    garden.delivers()

    assert garden.act(TWO).state == "cancelled"
    assert garden.adapter.calls == []
