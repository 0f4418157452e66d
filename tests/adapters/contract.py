"""What every adapter promises. A platform's test subclasses this and says how its people act."""

from __future__ import annotations

import asyncio
from abc import ABC, abstractmethod
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.actions import Action, OfferFeed, OpenThread, Ref, Reply, Repost, SendPost, Undo
from bot.domain.model import Space
from bot.domain.ports import Adapter, Delivery, Gone, Rejected

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
WHY = "A test asked for it."


class Grounds(ABC):
    """One platform with people on it, as a contract needs to see it."""

    adapter: Adapter
    lobby: Space
    audience: Space
    nowhere: Space

    def __init__(self) -> None:
        self.loop = asyncio.Runner()
        """Where the adapter lives: the one loop of a process."""

    @abstractmethod
    def says(self, text: str) -> str:
        """A person posts in the lobby; returns the post's id."""

    @abstractmethod
    def deletes(self, post: str) -> None:
        """The person takes it away again."""

    @abstractmethod
    def seen(self) -> list[str]:
        """What people can see of what Weaver made: the words of posts, the ids of reposted."""

    def feeds(self) -> list[str]:
        """The names of the feeds that people can follow."""
        return []


class PerformContract:
    """The half that every adapter keeps: what becomes of acts."""

    def test_an_act_performed_again_makes_one_thing_and_gives_the_same_receipt(
        self, grounds: Grounds, action: Action
    ) -> None:
        first = perform(grounds, action)
        again = [perform(grounds, action, attempt=attempt) for attempt in (2, 3)]

        assert again == [first, first]
        assert first
        assert grounds.seen() == [words(action)]

    def test_two_acts_that_say_the_same_are_two(self, grounds: Grounds) -> None:
        receipts = {
            perform(grounds, SendPost(key, grounds.lobby, "Hello.", why=WHY)) for key in "ab"
        }

        assert len(receipts) == 2
        assert grounds.seen() == ["Hello.", "Hello."]

    def test_a_reply_answers_the_post_of_an_earlier_act(self, grounds: Grounds) -> None:
        receipt = perform(grounds, SendPost("first", grounds.lobby, "Q1?", why=WHY))
        reply = Reply("second", grounds.lobby, Ref("first"), "One more thing.", why=WHY)

        made = perform(grounds, reply, target=receipt)

        assert made == perform(grounds, reply, target=receipt)
        assert grounds.seen() == ["Q1?", "One more thing."]

    def test_an_undo_removes_what_was_made_and_again_is_no_trouble(
        self, grounds: Grounds, action: Action
    ) -> None:
        receipt = perform(grounds, action)

        for attempt in (1, 2):
            undo(grounds, action, receipt, attempt)

        assert grounds.seen() == []

    def test_an_undo_removes_nothing_else(self, grounds: Grounds, action: Action) -> None:
        perform(grounds, SendPost("other", grounds.lobby, "I stay.", why=WHY))
        receipt = perform(grounds, action)

        undo(grounds, action, receipt)

        assert grounds.seen() == ["I stay."]

    def test_an_undo_finds_by_its_key_what_came_about_unseen(
        self, grounds: Grounds, action: Action
    ) -> None:
        perform(grounds, action)  # and nobody heard the receipt

        undo(grounds, action, None)

        assert grounds.seen() == []

    def test_what_was_taken_back_is_never_made_again(
        self, grounds: Grounds, action: Action
    ) -> None:
        receipt = perform(grounds, action)
        undo(grounds, action, receipt)

        with pytest.raises(Rejected):
            perform(grounds, action, attempt=2)
        assert grounds.seen() == []

    def test_what_was_taken_back_before_it_came_about_never_does(
        self, grounds: Grounds, action: Action
    ) -> None:
        undo(grounds, action, None)

        with pytest.raises(Rejected):
            perform(grounds, action, attempt=2)
        assert grounds.seen() == []

    @pytest.mark.parametrize("kind", ["reply", "repost", "reply to an act"])
    @pytest.mark.parametrize("missing", ["unknown", "deleted"])
    def test_what_is_about_a_post_that_is_not_there_is_rejected(
        self, grounds: Grounds, kind: str, missing: str
    ) -> None:
        post = grounds.says("Soon gone.")
        grounds.deletes(post)
        about = post if missing == "deleted" else "no-such-post"
        acts = {
            "reply": Reply("key", grounds.lobby, about, "Yes.", why=WHY),
            "repost": Repost("key", grounds.audience, grounds.lobby, about, why=WHY),
            "reply to an act": Reply("key", grounds.lobby, Ref("earlier"), "Yes.", why=WHY),
        }

        with pytest.raises(Rejected):
            perform(grounds, acts[kind], target=about)
        assert grounds.seen() == []

    def test_a_reply_to_an_act_that_never_came_about_is_rejected(self, grounds: Grounds) -> None:
        with pytest.raises(Rejected):
            perform(grounds, Reply("key", grounds.lobby, Ref("earlier"), "Yes.", why=WHY))

    def test_a_space_that_is_not_there_is_rejected(self, grounds: Grounds) -> None:
        post = grounds.says("Pass me on.")

        for act in (
            SendPost("a", grounds.nowhere, "Hello.", why=WHY),
            Repost("b", grounds.nowhere, grounds.lobby, post, why=WHY),
        ):
            with pytest.raises(Rejected):
                perform(grounds, act)
        assert grounds.seen() == []

    def test_a_thread_of_its_own_begins_with_its_words_once(self, grounds: Grounds) -> None:
        act = OpenThread("key", grounds.lobby, "Roses", text="Which do you grow?", why=WHY)

        first = perform(grounds, act)

        assert perform(grounds, act, attempt=2) == first
        [words] = grounds.seen()
        assert "Which do you grow?" in words

        undo(grounds, act, first)
        assert grounds.seen() == []

    def test_a_thread_from_a_post_is_that_post_and_leaves_it_when_taken_back(
        self, grounds: Grounds
    ) -> None:
        post = perform(grounds, SendPost("first", grounds.lobby, "Q1?", why=WHY))
        act = OpenThread("second", grounds.lobby, "Answers", of=Ref("first"), why=WHY)

        assert perform(grounds, act, target=post) == post
        undo(grounds, act, post)

        assert grounds.seen() == ["Q1?"]

    def test_a_link_to_a_post_is_vouched_for_while_it_stands(self, grounds: Grounds) -> None:
        post = grounds.says("Link to me.")
        elsewhere = Space("elsewhere", "roses", "Roses", "audience")
        act = Repost("key", elsewhere, grounds.lobby, post, why=WHY)

        assert post.rpartition("/")[2] in vouch(grounds, act)
        grounds.deletes(post)
        with pytest.raises(Gone):
            vouch(grounds, act)

    def test_a_feed_is_offered_once_or_left_out_where_there_are_none(
        self, grounds: Grounds
    ) -> None:
        act = OfferFeed("key", grounds.audience, "#Roses", "Posts with #Roses.", why=WHY)
        if not grounds.adapter.has_feeds:
            with pytest.raises(Gone):
                perform(grounds, act)
            return
        receipt = perform(grounds, act)
        assert perform(grounds, act, attempt=2) == receipt
        assert grounds.feeds() == ["#Roses"]

        for attempt in (1, 2):
            undo(grounds, act, receipt, attempt)

        assert grounds.feeds() == []
        with pytest.raises(Rejected):
            perform(grounds, act, attempt=2)

    def test_a_post_that_is_in_a_feed_alone_is_nothing_people_see_elsewhere(
        self, grounds: Grounds
    ) -> None:
        post = grounds.says("Show me to few.")
        act = Repost("key", grounds.audience, grounds.lobby, post, quietly=True, why=WHY)
        if not grounds.adapter.has_feeds:
            with pytest.raises(Gone):
                perform(grounds, act)
            return
        receipt = perform(grounds, act)
        assert receipt
        assert receipt != post, "or the post would be taken for ours"
        assert perform(grounds, act, attempt=2) == receipt
        assert grounds.seen() == []

        undo(grounds, act, receipt)

        with pytest.raises(Rejected):
            perform(grounds, act, attempt=2)
        grounds.deletes(post)
        with pytest.raises(Rejected):
            perform(grounds, replace(act, key="another"))

    def test_one_post_goes_to_two_audiences_under_two_keys(self, grounds: Grounds) -> None:
        post = grounds.says("Pass me on.")
        one = Repost("a", grounds.audience, grounds.lobby, post, why=WHY)
        other = Repost("b", grounds.lobby, grounds.lobby, post, why=WHY)
        for act in (one, other):
            perform(grounds, act)

        undo(grounds, one, None)

        assert grounds.seen() == [post]


@pytest.fixture(params=["post", "reply", "repost", "card"])
def action(request: pytest.FixtureRequest, grounds: Grounds) -> Action:
    """One act of each kind, about a post that stands."""
    post = grounds.says("What a person said.")
    acts: dict[str, Action] = {
        "post": SendPost("key", grounds.lobby, "Hello.", why=WHY),
        "reply": Reply("key", grounds.lobby, post, "An answer.", why=WHY),
        "repost": Repost("key", grounds.audience, grounds.lobby, post, why=WHY),
        "card": Repost(
            "key",
            grounds.audience,
            Space("elsewhere", "roses"),
            "elsewhere/1",
            card="From Elsewhere, with the tag Roses:",
            link="https://elsewhere.example/1",
            why=WHY,
        ),
    }
    return acts[request.param]


def perform(
    grounds: Grounds, action: Action, *, attempt: int = 1, target: str | None = None
) -> str:
    """Perform an act as delivery does."""
    envelope = Delivery(action.key, NOW, attempt, account_of(action), target=target)
    return grounds.loop.run(grounds.adapter.perform(action, envelope))


def vouch(grounds: Grounds, action: Repost) -> str:
    """Ask as delivery does before a post is linked to on another platform."""
    envelope = Delivery(action.key, NOW, 1, account_of(action))
    return grounds.loop.run(grounds.adapter.vouch(action, envelope))


def undo(grounds: Grounds, action: Action, receipt: str | None, attempt: int = 1) -> None:
    """Take back an act as delivery does, whether or not its receipt is known."""
    key = f"undo:{action.key}"
    envelope = Delivery(
        key,
        NOW + timedelta(minutes=1),
        attempt,
        account_of(action),
        target=receipt,
        target_key=action.key,
        target_kind=type(action).__name__,
        target_at=NOW,
    )
    grounds.loop.run(grounds.adapter.perform(Undo(key, of=action.key, why=WHY), envelope))


def account_of(action: Action) -> str:
    """The account that acts, as the ledger has it."""
    if isinstance(action, Repost):
        return action.audience.key
    space = getattr(action, "space", None)
    return f"{space.platform}:{space.account or 'weaver'}" if isinstance(space, Space) else ""


def words(action: Action) -> str:
    """What people see of an act."""
    if isinstance(action, Repost):
        return action.words if action.is_card else action.post_id
    return str(getattr(action, "text", ""))
