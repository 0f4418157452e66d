"""Before a post is linked to on another platform, its own is asked, and nobody else has to wait."""

import asyncio
from typing import Any

import pytest

from bot.domain.actions import Action, Repost, SendPost
from bot.domain.model import Space
from bot.domain.ports import Declined, Delivery, Rejected, TryLater
from bot.kernel.onward import linked
from bot.testing import NOON, FakeAdapter

HERE, WALL = Space("fake", "lobby"), Space("fake", "wall")
FAR = Space("far", "column")
WHY = "A test wants it."


def link(action: Action, **adapters: Any) -> Action:
    envelope = Delivery(action.key, NOON, 1, "x")
    return asyncio.run(linked(action, envelope, adapters))


def repost(audience: Space) -> Repost:
    return Repost("key", audience, HERE, "1", card="From Fake:", why=WHY)


class Answering(FakeAdapter):
    """A platform that gives one answer."""

    answer: Exception

    async def vouch(self, action: Repost, delivery: Delivery) -> str:
        raise self.answer


def test_only_what_goes_to_another_platform_is_asked_about() -> None:
    for act in (repost(WALL), SendPost("key", HERE, "Hello.", why=WHY)):
        assert link(act) is act


def test_a_link_comes_from_the_platform_where_it_was_said() -> None:
    made = link(repost(FAR), fake=FakeAdapter(known={"1"}), far=FakeAdapter("far"))

    assert isinstance(made, Repost)
    assert made.words == "From Fake: fake://lobby/1"


def test_where_nobody_can_be_asked_nothing_is_linked_to() -> None:
    with pytest.raises(Rejected, match="not connected"):
        link(repost(FAR), far=FakeAdapter("far"))


@pytest.mark.parametrize("answer", [Declined("not me"), Rejected("gone"), TryLater("busy", 300)])
def test_its_answer_is_passed_on_and_its_rest_is_nobody_elses(answer: Exception) -> None:
    own = Answering()
    own.answer = answer

    with pytest.raises(type(answer), match=str(answer)) as raised:
        link(repost(FAR), fake=own, far=FakeAdapter("far"))
    assert getattr(raised.value, "after", None) is None
