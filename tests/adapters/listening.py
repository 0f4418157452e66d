"""What every adapter promises whose platform tells what happens on it."""

from __future__ import annotations

import asyncio
from abc import abstractmethod
from collections import Counter
from typing import TypeVar

from bot.domain.actions import Answer, SendPost
from bot.domain.events import CommandCalled, Event, MemberJoined, PostDeleted, PostSeen
from bot.domain.ports import Outcome
from tests.adapters.contract import WHY, Grounds, perform

E = TypeVar("E", bound=Event)


class Listened(Grounds):
    """A platform that tells what happens on it."""

    @abstractmethod
    def joins(self, name: str) -> None:
        """Somebody new arrives."""

    @abstractmethod
    def asks(self, words: str) -> str:
        """A person asks Weaver in the lobby; returns the post's id."""

    @abstractmethod
    def answers(self, post: str) -> list[str]:
        """What Weaver replied to a post."""

    @abstractmethod
    async def quiet(self) -> None:
        """Return once all that happened has been told."""

    def hear(self, cursor: str | None = None, heard: Ears | None = None) -> Ears:
        """Listen from a cursor until nothing is left to tell."""
        ears = heard or Ears()

        async def listen() -> None:
            async with asyncio.timeout(20):
                listening = asyncio.create_task(self.adapter.listen(ears, cursor))
                await asyncio.sleep(0)
                await self.quiet()
                listening.cancel()

        self.loop.run(listen())
        return ears


class Ears:
    """Stands where the ring does: remembers what it is told, and answers commands once."""

    def __init__(self, known: set[str] | None = None) -> None:
        self.events: list[Event] = []
        self.cursors: list[str] = []
        self._known = known if known is not None else set()

    def again(self) -> Ears:
        """Ears that have heard nothing yet, of one who remembers."""
        return Ears(self._known)

    async def __call__(self, event: Event, cursor: str | None = None) -> Outcome:
        """Take an event as the ring does."""
        assert cursor is not None
        self.events.append(event)
        self.cursors.append(cursor)
        if event.id in self._known:
            return Outcome(repeated=True)
        self._known.add(event.id)
        said = isinstance(event, CommandCalled)
        return Outcome(answers=(Answer("This is what you can ask me."),) if said else ())

    @property
    def ids(self) -> list[str]:
        """The events' ids, in the order they were told."""
        return [event.id for event in self.events]

    def of(self, kind: type[E]) -> list[E]:
        """The events of one kind."""
        return [event for event in self.events if isinstance(event, kind)]


class ListenContract:
    """The half that adapters keep whose platform tells what happens on it."""

    def happen(self, grounds: Listened) -> None:
        grounds.joins("Priya")
        post = grounds.says("Hello, all. #GardenRoses")
        grounds.asks("help")
        perform(grounds, SendPost("key", grounds.lobby, "Hello.", why=WHY))
        grounds.deletes(post)

    def test_everything_is_told_once_in_order_under_ids_of_their_own(
        self, grounds: Listened
    ) -> None:
        self.happen(grounds)

        heard = grounds.hear()

        assert all(times == 1 for times in Counter(heard.ids).values())
        told = [type(event) for event in heard.events]
        expected = [MemberJoined, PostSeen, CommandCalled, PostSeen, PostDeleted, PostSeen]
        assert told == expected, "the last is the answer to the command"

    def test_telling_again_from_an_older_cursor_gives_the_same_ids(self, grounds: Listened) -> None:
        self.happen(grounds)
        first = grounds.hear()

        again = grounds.hear(heard=first.again())

        assert (again.ids, again.cursors) == (first.ids, first.cursors)

    def test_a_cursor_resumes_exactly_behind_its_event(self, grounds: Listened) -> None:
        self.happen(grounds)
        first = grounds.hear()

        for position, cursor in enumerate(first.cursors):
            assert grounds.hear(cursor, first.again()).ids == first.ids[position + 1 :]

    def test_what_happened_while_nobody_listened_is_told_afterwards(
        self, grounds: Listened
    ) -> None:
        self.happen(grounds)
        cursor = grounds.hear().cursors[-1]
        assert grounds.hear(cursor).events == []

        grounds.says("Anybody there?")

        [event] = grounds.hear(cursor).events
        assert isinstance(event, PostSeen)
        assert event.post.text == "Anybody there?"

    def test_our_own_posts_come_back_as_a_bots_and_peoples_do_not(self, grounds: Listened) -> None:
        mine = perform(grounds, SendPost("key", grounds.lobby, "Hello.", why=WHY))
        theirs = grounds.says("Hello yourself.")

        posts = {event.post.id: event.post for event in grounds.hear().of(PostSeen)}

        assert posts[mine].author.is_bot
        assert not posts[theirs].author.is_bot
        assert posts[theirs].at.tzinfo is not None

    def test_a_mention_is_a_command_and_no_post(self, grounds: Listened) -> None:
        asked = grounds.asks("amplify yes, please")

        heard = grounds.hear()

        [event] = heard.of(CommandCalled)
        assert (event.text, event.post_id) == ("amplify yes, please", asked)
        assert asked not in [event.post.id for event in heard.of(PostSeen)]

    def test_an_answer_appears_once_as_a_reply_however_often_it_is_told(
        self, grounds: Listened
    ) -> None:
        asked = grounds.asks("help")
        heard = grounds.hear()

        grounds.hear(heard=heard.again())

        assert grounds.answers(asked) == ["This is what you can ask me."]

    def test_a_post_that_is_gone_before_it_is_told_leaves_no_words(self, grounds: Listened) -> None:
        post = grounds.says("A slip of the tongue.")
        grounds.deletes(post)

        heard = grounds.hear()

        assert "tongue" not in repr(heard.events)
        assert [event.post_id for event in heard.of(PostDeleted)] == [post]
