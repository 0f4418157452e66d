"""Carry out on Discord what Weaver decided, each act once in effect."""

from __future__ import annotations

from dataclasses import dataclass

from bot.adapters.discord.api import Api, code_of
from bot.adapters.discord.deeds import Deeds
from bot.adapters.discord.events import Meetings
from bot.adapters.discord.meaning import CLOSED
from bot.adapters.discord.payloads import answers_to, forwards
from bot.adapters.discord.people import People
from bot.adapters.discord.places import FORUMS
from bot.adapters.discord.posts import Letter, Posts
from bot.adapters.discord.snowflakes import parts
from bot.adapters.discord.threads import CHANNEL, Threads
from bot.adapters.discord.words import in_own_zones
from bot.domain.actions import (
    Action,
    DirectMessage,
    GiveRole,
    OfferFeed,
    OpenThread,
    React,
    Ref,
    Reply,
    Repost,
    ScheduleEvent,
    SendPost,
    TakeRole,
    Undo,
)
from bot.domain.ports import Delivery, Gone, Rejected

LINK = "https://discord.com/channels/{}/{}/{}"
_MESSAGES = frozenset({"SendPost", "Reply", "Repost", "DirectMessage"})


@dataclass(frozen=True, slots=True)
class Outbound:
    """Weaver's own account as it acts."""

    api: Api
    posts: Posts
    threads: Threads
    meetings: Meetings
    people: People
    deeds: Deeds

    async def perform(self, action: Action, delivery: Delivery) -> str:
        """Carry out one act and return the id of what it made."""
        await self.api.client()
        if isinstance(action, Undo):
            await self._undo(action, delivery)
            return ""
        if await self.deeds.is_taken_back(delivery.key):
            raise Rejected("it was taken back before it arrived")
        match action:
            case OfferFeed() | Repost(quietly=True):
                raise Gone("Discord has no feeds")
            case SendPost() | Reply() | Repost() | DirectMessage():
                return await self._said(action, delivery)
            case OpenThread():
                return await self.threads.open(action, delivery)
            case ScheduleEvent():
                return await self.meetings.schedule(action, delivery)
            case React():
                return await self.people.react(action, delivery)
            case GiveRole() | TakeRole():
                return await self.people.change_role(action, delivery)
        raise Rejected(f"Discord has no place for {type(action).__name__}")

    async def _said(
        self, action: SendPost | Reply | Repost | DirectMessage, delivery: Delivery
    ) -> str:
        match action:
            case SendPost(space=space):
                text = in_own_zones(action.text, action.moments)
                letter = Letter(_channel(space.id), text, action.buttons, action.pictures)
                return await self.posts.say(letter, delivery)
            case Reply():
                return await self._reply(action, delivery)
            case Repost():
                return await self._pass_on(action, delivery)
            case DirectMessage():
                return await self._write_to(action, delivery)

    async def _reply(self, action: Reply, delivery: Delivery) -> str:
        """Answer a post in its thread; what answers an opened thread is said in it."""
        above = delivery.target if isinstance(action.to, Ref) else action.to
        found = parts(above)
        if found is None:
            raise Gone("there is no post to answer")
        channel, message = found
        text = in_own_zones(action.text, action.moments)
        in_thread = isinstance(action.to, Ref) and delivery.target_kind == "OpenThread"
        if in_thread or channel == message:
            letter = Letter(message, text, action.buttons, action.pictures)
        else:
            about = answers_to(channel, message)
            letter = Letter(channel, text, action.buttons, action.pictures, about)
        return await self.posts.say(letter, delivery)

    async def _pass_on(self, action: Repost, delivery: Delivery) -> str:
        """Forward a post; link to it where Discord does not let it be, or it is not of Discord."""
        audience = _channel(action.audience.id)
        if action.is_card:
            return await self._link_to(action, delivery, action.card, action.link)
        channel, message, told = await self.posts.standing(action.post_id)
        native = Letter(audience, "", reference=forwards(channel, message))
        try:
            return await self.posts.say(native, delivery)
        except Gone:
            raise
        except Rejected:
            if await self.api.found(CHANNEL, channel_id=audience) is None:
                raise
        where, link = await self._address(channel, message)
        name = told["author"].get("global_name") or told["author"]["username"]
        return await self._link_to(action, delivery, f"From {name} in #{where}:", link)

    async def _link_to(self, action: Repost, delivery: Delivery, words: str, link: str) -> str:
        """Link to a post in the audience; in a forum, which takes no messages, as a thread."""
        audience = _channel(action.audience.id)
        where = await self.api.found(CHANNEL, channel_id=audience)
        text = f"{words} {link}"
        if where is None or where["type"] not in FORUMS:
            return await self.posts.say(Letter(audience, text), delivery)
        title, tags = words.rstrip(":"), (action.tag,) if action.tag else ()
        thread = OpenThread(
            action.key, action.audience, title, text=text, tags=tags, why=action.why
        )
        return await self.threads.open(thread, delivery)

    async def vouch(self, action: Repost) -> str:
        """Where the members of its server can read a post, while it stands."""
        channel, message, _ = await self.posts.standing(action.post_id)
        return (await self._address(channel, message))[1]

    async def _address(self, channel: int, message: int) -> tuple[str, str]:
        """The name of a message's channel, and the message's link."""
        source = await self.api.found(CHANNEL, channel_id=channel) or {}
        link = LINK.format(source.get("guild_id", "@me"), channel, message)
        return str(source.get("name", "a channel")), link

    async def _write_to(self, action: DirectMessage, delivery: Delivery) -> str:
        """Write to a member in private; hosts are told once that somebody's door is closed."""
        try:
            found = await self.api.call(
                "POST", "/users/@me/channels", {"recipient_id": action.member.id}
            )
            letter = Letter(
                int(found["id"]),
                in_own_zones(action.text, action.moments),
                action.buttons,
                action.pictures,
                space=action.space.id,
            )
            receipt = await self.posts.say(letter, delivery)
        except Rejected as answer:
            if code_of(answer) != CLOSED:
                raise
            await self.people.tell_closed(action.member, answer)
            raise
        await self.people.remember_private(action.member, action.space)
        return receipt

    async def _undo(self, action: Undo, delivery: Delivery) -> None:
        """Take back whatever an act made, and let it never be made again."""
        await self.deeds.take_back(action.of)
        kind, receipt, at = delivery.target_kind, delivery.target, delivery.target_at
        thread = parts(receipt)
        if kind == Repost.__name__ and (thread is None or thread[0] == thread[1]):
            await self.threads.close(action.of, receipt, at)  # it may be a forum's
        elif kind in _MESSAGES:
            await self.posts.remove(action.of, receipt, at)
        elif kind == OpenThread.__name__:
            await self.threads.close(action.of, receipt, at)
        elif kind == ScheduleEvent.__name__:
            await self.meetings.cancel(action.of, receipt)
        elif kind in ("React", "GiveRole", "TakeRole"):
            await self.people.undo(kind, action.of, receipt)


def _channel(identity: str) -> int:
    """The channel of a space."""
    if not (identity.isascii() and identity.isdecimal()):
        raise Rejected(f"there is no channel {identity!r} on Discord")
    return int(identity)
