"""A server that loses answers, is busy or breaks: every act comes about once all the same."""

import random
from collections.abc import Iterator
from itertools import count

import httpx
import pytest

from bot.domain.actions import Action, Reply, Repost, SendPost
from bot.domain.ports import Delivery, TryLater
from tests.adapters.contract import NOW, WHY, account_of
from tests.live.bluesky.grounds import BlueskyGrounds, Crew
from tests.live.bluesky.network import Network
from tests.live.bluesky.proxy import WAIT, Fault, Faults, before

PUT = "com.atproto.repo.putRecord"


@pytest.fixture
def faults() -> Faults:
    return Faults()


@pytest.fixture
def shaky(network: Network, crew: Crew, faults: Faults) -> Iterator[BlueskyGrounds]:
    """Weaver's accounts behind a proxy that may fail."""
    with before(network.pds, faults) as address:
        grounds = BlueskyGrounds(network, crew, address)
        yield grounds
        grounds.close()


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
    shaky: BlueskyGrounds, faults: Faults, fault: Fault
) -> None:
    post = shaky.says("A person's.")
    turns = count()

    def second(name: str) -> Fault:
        """Fail every second write."""
        return fault if name == PUT and next(turns) % 2 == 0 else None

    faults.decide = second
    receipts = {until_done(shaky, act)[0] for act in acts(shaky, post)}
    faults.decide = lambda _name: None
    again = {until_done(shaky, act)[0] for act in acts(shaky, post)}

    assert again == receipts
    assert len(receipts) == 4
    assert len(shaky.seen()) == 1 + 3 + 1 + 1


@pytest.mark.parametrize("seed", range(3))
def test_acts_come_about_once_though_anything_asked_may_fail(
    shaky: BlueskyGrounds, faults: Faults, seed: int
) -> None:
    chance = random.Random(seed)
    kinds: list[Fault] = ["drop", "cut", "busy", "broken"]
    faults.decide = lambda _name: chance.choice(kinds) if chance.random() < 0.4 else None
    post = shaky.says("A person's.")

    tried = [until_done(shaky, act, tries=40)[1] for act in acts(shaky, post)]

    assert sum(tried) > len(tried), "nothing failed"
    assert len(shaky.seen()) == 6


def test_a_busy_server_says_how_long_to_wait(shaky: BlueskyGrounds, faults: Faults) -> None:
    faults.decide = lambda name: "busy" if name == PUT else None
    act = SendPost("key", shaky.lobby, "Hello.", why=WHY)

    with pytest.raises(TryLater, match="asks weaver to wait") as told:
        shaky.loop.run(shaky.adapter.perform(act, Delivery("key", NOW, 1, "bluesky:weaver")))

    assert told.value.after == WAIT


def test_an_answer_that_was_lost_is_an_unknown_outcome(
    shaky: BlueskyGrounds, faults: Faults
) -> None:
    faults.decide = lambda name: "drop" if name == PUT else None
    act = SendPost("key", shaky.lobby, "Hello.", why=WHY)

    with pytest.raises(httpx.RemoteProtocolError):
        shaky.loop.run(shaky.adapter.perform(act, Delivery("key", NOW, 1, "bluesky:weaver")))

    assert shaky.seen() == ["Hello."]
