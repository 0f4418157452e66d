"""The fake platform keeps the contract, so that it cannot lie to the tests that stand on it."""

import asyncio
from collections.abc import Iterator

import pytest

from bot.domain.actions import OfferFeed, Repost
from bot.domain.model import Space
from bot.testing import FakeAdapter
from tests.adapters.contract import WHY, Grounds, PerformContract, action, perform, words
from tests.adapters.listening import Ears

__all__ = ["action"]


class FakeGrounds(Grounds):
    lobby = Space("fake", "lobby")
    audience = Space("fake", "GardenRoses")
    nowhere = Space("fake", "nowhere")

    def __init__(self) -> None:
        super().__init__()
        self.adapter: FakeAdapter = FakeAdapter(places=frozenset({self.lobby, self.audience}))

    def says(self, text: str) -> str:
        self.adapter.known.add(text)
        return text

    def deletes(self, post: str) -> None:
        self.adapter.known.discard(post)

    def seen(self) -> list[str]:
        made = [act for act, _ in self.adapter.made.values()]
        quiet = [act for act in made if isinstance(act, Repost) and act.quietly]
        shown = [act for act in made if act not in quiet and not isinstance(act, OfferFeed)]
        return [words(act) for act in shown]

    def feeds(self) -> list[str]:
        made = [act for act, _ in self.adapter.made.values()]
        return [act.title for act in made if isinstance(act, OfferFeed)]


@pytest.fixture
def grounds() -> Iterator[FakeGrounds]:
    grounds = FakeGrounds()
    with grounds.loop:
        yield grounds


class TestActs(PerformContract):
    pass


def test_a_repost_is_nothing_one_could_answer(grounds: FakeGrounds) -> None:
    post = grounds.says("Pass me on.")
    receipt = perform(grounds, Repost("key", grounds.audience, grounds.lobby, post, why=WHY))

    assert receipt not in grounds.adapter.known


def test_a_fake_that_knows_no_places_takes_any(grounds: FakeGrounds) -> None:
    grounds.adapter.places = None
    post = grounds.says("Pass me on.")

    assert perform(grounds, Repost("key", grounds.nowhere, grounds.lobby, post, why=WHY))


def test_nothing_happens_on_a_fake_by_itself(grounds: FakeGrounds) -> None:
    ears = Ears()

    async def listen() -> None:
        listening = asyncio.create_task(grounds.adapter.listen(ears, None))
        await asyncio.sleep(0)
        assert not listening.done()
        listening.cancel()

    grounds.loop.run(listen())

    assert ears.events == []
