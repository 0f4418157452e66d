"""A server that loses answers, is busy or breaks: every act comes about once all the same."""

import random
from itertools import count

import httpx
import pytest

from bot.domain.actions import Action, Reply, Repost, SendPost
from bot.domain.ports import Delivery, TryLater
from tests.adapters.contract import NOW, WHY, account_of
from tests.live.bluesky.grounds import BlueskyGrounds
from tests.live.bluesky.proxy import WAIT, Fault, Faults

PUT = "com.atproto.repo.putRecord"


def until_done(grounds: BlueskyGrounds, action: Action, tries: int = 8) -> tuple[str, int]:
    """Perform an act as delivery does, until it succeeds; returns its receipt and the attempts."""
    for attempt in range(1, tries + 1):
        envelope = Delivery(action.key, NOW, attempt, account_of(action))
        try:
            return grounds.loop.run(grounds.adapter.perform(action, envelope)), attempt
        except Exception as error:  # noqa: BLE001 - whatever it is, the outcome is unknown
            problem = error
    raise AssertionError(f"given up: {problem!r}")


def acts(grounds: BlueskyGrounds, post: str) -> list[Action]:
    return [
        SendPost("post", grounds.lobby, "Hello.", why=WHY),
        SendPost("thread", grounds.lobby, "One thing at a time. " * 30, why=WHY),
        Reply("reply", grounds.lobby, post, "An answer.", why=WHY),
        Repost("repost", grounds.audience, grounds.lobby, post, why=WHY),
    ]


@pytest.mark.parametrize("fault", ["drop", "cut", "busy", "broken", "slow"])
def test_every_kind_of_act_comes_about_once_after_a_fault(
    proxied: BlueskyGrounds, faults: Faults, fault: Fault
) -> None:
    post = proxied.says("A person's.")
    turns = count()

    def second(name: str) -> Fault:
        """Fail every second write."""
        return fault if name == PUT and next(turns) % 2 == 0 else None

    faults.decide = second
    receipts = {until_done(proxied, act)[0] for act in acts(proxied, post)}
    faults.decide = lambda _name: None
    again = {until_done(proxied, act)[0] for act in acts(proxied, post)}

    assert again == receipts
    assert len(receipts) == 4
    assert len(proxied.seen()) == 1 + 3 + 1 + 1


@pytest.mark.parametrize("seed", range(3))
def test_acts_come_about_once_though_anything_asked_may_fail(
    proxied: BlueskyGrounds, faults: Faults, seed: int
) -> None:
    chance = random.Random(seed)
    kinds: list[Fault] = ["drop", "cut", "busy", "broken"]
    faults.decide = lambda _name: chance.choice(kinds) if chance.random() < 0.4 else None
    post = proxied.says("A person's.")

    tried = [until_done(proxied, act, tries=40)[1] for act in acts(proxied, post)]

    assert sum(tried) > len(tried), "nothing failed"
    assert len(proxied.seen()) == 6


def test_a_busy_server_says_how_long_to_wait(proxied: BlueskyGrounds, faults: Faults) -> None:
    faults.decide = lambda name: "busy" if name == PUT else None
    act = SendPost("key", proxied.lobby, "Hello.", why=WHY)

    with pytest.raises(TryLater, match="asks weaver to wait") as told:
        proxied.loop.run(proxied.adapter.perform(act, Delivery("key", NOW, 1, "bluesky:weaver")))

    assert told.value.after == WAIT


def test_an_answer_that_was_lost_is_an_unknown_outcome(
    proxied: BlueskyGrounds, faults: Faults
) -> None:
    faults.decide = lambda name: "drop" if name == PUT else None
    act = SendPost("key", proxied.lobby, "Hello.", why=WHY)

    with pytest.raises(httpx.RemoteProtocolError):
        proxied.loop.run(proxied.adapter.perform(act, Delivery("key", NOW, 1, "bluesky:weaver")))

    assert proxied.seen() == ["Hello."]
