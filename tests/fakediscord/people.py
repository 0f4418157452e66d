"""People, who speak, answer, come and go and press buttons: the verbs that tests are written in."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tests.fakediscord import asking, messages, permissions, reactions, scheduled, shapes, threads
from tests.fakediscord.interactions import COMMAND, COMPONENT, MODAL, Asked
from tests.fakediscord.places import Channel, Guild, Message
from tests.fakediscord.shapes import Json

if TYPE_CHECKING:
    from tests.fakediscord.server import FakeDiscord

__all__ = ["Channel", "Guild", "Message", "Person"]
ONBOARDING_DONE = 1 << 1 | 1 << 3
"""Member flags: has completed onboarding, has started it."""


@dataclass(frozen=True)
class Person:
    """Somebody with an account. What they do here they may do: only the bot is refused things."""

    server: FakeDiscord
    data: Json

    @property
    def id(self) -> str:
        """The account's id."""
        id_: str = self.data["id"]
        return id_

    @property
    def mention(self) -> str:
        """What one writes to name them."""
        return f"<@{self.id}>"

    # In a guild

    def joins(self, guild: Guild, *, pending: bool = False) -> Person:
        """Enter a guild; ``pending`` until its rules are accepted."""
        world = self.server.world
        assert self.id not in world.bans[guild.id], "they are banned here"

        def enter() -> None:
            world.enter(guild.data, self.data, pending=pending)
            messages.announce(world, guild.data, self.data)

        self.server.do(enter)
        return self

    def accepts_rules(self, guild: Guild) -> None:
        """Pass the screening."""
        self._changes(guild, pending=False)

    def finishes_onboarding(self, guild: Guild) -> None:
        """Answer what newcomers are asked."""
        self._changes(guild, flags=ONBOARDING_DONE)

    def leaves(self, guild: Guild) -> None:
        """Leave a guild."""
        self.server.do(lambda: self.server.world.leave(guild.data, self.id))

    def gets(self, guild: Guild, *roles: str) -> None:
        """Be given roles by somebody who may."""
        held = self.server.world.member(guild.id, self.id)["roles"]
        self._changes(guild, roles=list(dict.fromkeys([*held, *roles])))

    def loses(self, guild: Guild, *roles: str) -> None:
        """Have roles taken away."""
        held = self.server.world.member(guild.id, self.id)["roles"]
        self._changes(guild, roles=[each for each in held if each not in roles])

    def bans(self, guild: Guild, other: Person, why: str | None = None) -> None:
        """Ban somebody, as a moderator."""
        self.server.do(lambda: self.server.world.ban(guild.data, other.id, self.id, why))

    def is_called(self, guild: Guild, nick: str) -> None:
        """Take a nickname."""
        self._changes(guild, nick=nick)

    def _changes(self, guild: Guild, **to: Any) -> None:
        self.server.do(lambda: self.server.world.change_member(guild.id, self.id, **to))

    # In private

    def closes_direct_messages(self) -> None:
        """Accept no direct messages from now on."""
        self.server.world.closed.add(self.id)

    @property
    def direct(self) -> Channel:
        """Their direct messages with the bot."""
        made = self.server.do(lambda: self.server.world.direct(self.id))
        return Channel(self.server, made["id"])

    # What they say

    def says(self, place: Channel, text: str, **more: Any) -> Message:
        """Say something; ``more`` is what else a message may carry."""
        world, author = self.server.world, self.data
        body = {"content": text, **more}
        said = self.server.do(lambda: messages.say(world, place.data, author, body))
        return Message(self.server, said["id"])

    def replies(self, to: Message, text: str, *, ping: bool = True) -> Message:
        """Answer a message."""
        reference = {"message_id": to.id, "channel_id": to.channel.id}
        allowed = {"parse": ["users", "roles", "everyone"], "replied_user": ping}
        return self.says(to.channel, text, message_reference=reference, allowed_mentions=allowed)

    def forwards(self, what: Message, to: Channel) -> Message:
        """Pass a message on, as Discord does it: with a copy."""
        reference = {"type": 1, "message_id": what.id, "channel_id": what.channel.id}
        return self.says(to, "", message_reference=reference)

    def edits(self, what: Message, text: str) -> None:
        """Change what one said."""
        world = self.server.world
        self.server.do(lambda: messages.edit(world, world.messages[what.id], {"content": text}))

    def deletes(self, *what: Message) -> None:
        """Take back one message, or many at once as moderators do."""
        world, first = self.server.world, what[0]
        if len(what) == 1:
            self.server.do(lambda: messages.delete(world, world.messages[first.id]))
            return
        place, ids = first.channel.id, [each.id for each in what]
        self.server.do(lambda: messages.delete_many(world, place, ids))

    def publishes(self, what: Message) -> None:
        """Publish a message of an announcement channel."""
        world = self.server.world
        self.server.do(lambda: messages.crosspost(world, world.messages[what.id]))

    def reacts(self, to: Message, emoji: str) -> None:
        """Put a reaction."""
        world = self.server.world
        self.server.do(lambda: reactions.react(world, world.messages[to.id], self.id, emoji))

    def unreacts(self, to: Message, emoji: str) -> None:
        """Take a reaction away."""
        world = self.server.world
        self.server.do(lambda: reactions.unreact(world, world.messages[to.id], self.id, emoji))

    def says_through_webhook(self, place: Channel, text: str, as_name: str) -> Message:
        """Say something under any name, as webhooks do."""
        world = self.server.world

        def say() -> Json:
            hook = world.clock.snowflake()
            author = shapes.user(hook, as_name, bot=True)
            return messages.say(world, place.data, author, {"content": text}, webhook_id=hook)

        return Message(self.server, self.server.do(say)["id"])

    # Threads and events

    def starts_thread(self, place: Channel | Message, name: str) -> Channel:
        """Open a thread from a message, or on its own."""
        world, from_message = self.server.world, isinstance(place, Message)
        parent = place.channel if isinstance(place, Message) else place
        id_ = place.id if from_message else None
        body = {"name": name}
        made = self.server.do(lambda: threads.begin(world, parent.data, body, self.data, id_))
        return Channel(self.server, made["id"])

    def posts(self, forum: Channel, title: str, text: str, tags: Iterable[str] = ()) -> Channel:
        """Write a post of a forum, with tags by name."""
        world = self.server.world
        applied = [forum.tag(name) for name in tags]
        body = {"name": title, "message": {"content": text}, "applied_tags": applied}
        thread, _ = self.server.do(lambda: threads.post(world, forum.data, body, self.data))
        return Channel(self.server, thread["id"])

    def is_interested(self, event: Json, *, interested: bool = True) -> None:
        """Say that one means to come to a scheduled event."""
        world = self.server.world
        self.server.do(
            lambda: scheduled.be_interested(world, event, self.id, interested=interested)
        )

    def cancels(self, event: Json) -> None:
        """Call an event off, as somebody who may."""
        changes = {"status": scheduled.CANCELLED}
        self.server.do(lambda: scheduled.change(self.server.world, event, changes))

    # What they ask of the bot

    def runs(self, place: Channel, command: str, /, **options: Any) -> Asked:
        """Use a slash command: ``runs(lobby, "chats start", topic="roses")``."""
        data = asking.slash(self._seat(place), command, options)
        return self._asks(place, COMMAND, data)

    def types(self, place: Channel, command: str, focused: str, /, **options: Any) -> Asked:
        """Type into an option that completes itself; its choices are in ``asked.choices``."""
        data = asking.slash(self._seat(place), command, options, focused)
        return self._asks(place, asking.AUTOCOMPLETE, data)

    def picks(self, command: str, on: Message | Person, place: Channel | None = None) -> Asked:
        """Use a context menu on a message or on a person."""
        where = on.channel if isinstance(on, Message) else place
        assert where, "say where: the menu of a person is opened in a channel"
        target = on.data
        is_message = isinstance(on, Message)
        data = asking.menu(self._seat(where), command, target, is_message=is_message)
        return self._asks(where, COMMAND, data)

    def presses(self, on: Message | Asked, button: str) -> Asked:
        """Press a button, by its label or custom id."""
        return self._touches(on, lambda shown: asking.press(shown, button))

    def chooses(
        self, on: Message | Asked, select: str, values: Sequence[str | Channel | Person]
    ) -> Asked:
        """Choose in a select, by its placeholder or custom id: labels, channels, people, roles."""
        seat = self._seat(self._place(on))
        named = [each if isinstance(each, str) else each.id for each in values]
        return self._touches(on, lambda shown: asking.choose(seat, shown, select, named))

    def submits(self, form: Asked, **fields: Any) -> Asked:
        """Fill in the modal that an interaction opened, by custom id or label, and send it."""
        assert form.modal, "no modal was opened"
        data = asking.fill(form.modal, fields)
        return self._asks(self._place(form), MODAL, data, form=form)

    def _seat(self, place: Channel) -> asking.Seat:
        return asking.Seat(self.server.world, place.data, self.data)

    def _touches(self, on: Message | Asked, touch: Any) -> Asked:
        shown = on.data if isinstance(on, Message) else on.shown
        return self._asks(self._place(on), COMPONENT, touch(shown), message=shown)

    def _place(self, on: Message | Asked) -> Channel:
        if isinstance(on, Message):
            return on.channel
        return Channel(self.server, on.interaction["channel_id"])

    def _asks(self, place: Channel, kind: int, data: Json, **about: Any) -> Asked:
        known = self.server.interactions
        return self.server.do(lambda: known.ask(self.data, place.data, kind, data, **about))

    def may(self, place: Channel, *names: str) -> bool:
        """Tell whether they may do all this in a channel."""
        wanted = permissions.bits(names)
        return self.server.world.may(place.data, self.id) & wanted == wanted
