"""Translate what Discord's gateway and history tell into what happened in a space. Pure.

Kinds of posts by measures.md, section 2: a thread is one root; in it, what somebody other than
its starter says is a reply, and the starter's own words are one once somebody else spoke.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from bot.adapters.discord.settings import PLATFORM
from bot.adapters.discord.snowflakes import moment, post_id
from bot.domain.events import (
    CommandCalled,
    MeetingAnswered,
    MeetingCounted,
    MemberJoined,
    PostDeleted,
    PostEdited,
    PostSeen,
)
from bot.domain.hashtags import hashtags
from bot.domain.model import Member, Post, PostKind, Role, Space

Data = Mapping[str, Any]
DEFAULT, REPLY, ANSWER, MENU_ANSWER, JOINED = 0, 19, 20, 23, 7
"""Types of messages that people and bots write, and the one that tells of an arrival."""
_SAID = frozenset({DEFAULT, REPLY, ANSWER, MENU_ANSWER})
_FORWARD = 1
"""Type of a reference that passes a message on."""
_IS_CROSSPOST = 1 << 1
_IS_SPOILER = 1 << 3
"""Flag of an attachment."""
_SEEN = ("image/", "video/")
"""How the media types begin of what somebody has to see."""
SPOILER = "spoiler"
"""The one warning that Discord lets people put on a picture."""
_MENTION = re.compile(r"<@!?(\d+)>")
_ROLE = re.compile(r"<@&(\d+)>")
_SHARED = re.compile(r"<@!?(\d+)> shares:\n")
SHARE = "<@{}> shares:\n"
"""How an answer to ``/share`` begins: these are a member's words, said through Weaver."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a message is: a channel that is a space, or a thread in one."""

    space: Space
    channel: str
    """Id of the channel, or of the thread."""
    thread: bool = False
    forum: bool = False
    """Whether the space is a forum, where every thread begins with a post of its own."""
    starter: str = ""
    """Who started the thread."""
    tags: tuple[str, ...] = ()
    """Tags of the thread, by their names."""

    @property
    def root(self) -> str | None:
        """The post that the thread begins with."""
        if not self.thread:
            return None
        return post_id(self.channel if self.forum else self.space.id, self.channel)


@dataclass(frozen=True, slots=True)
class Eyes:
    """Who looks, and what it may see."""

    me: str
    """Weaver's own id."""
    sees_words: bool = True


def member_of(user: Data, nick: str | None = None, me: str = "") -> Member:
    """Somebody as Discord tells of them."""
    identity = str(user["id"])
    name = nick or user.get("global_name") or user.get("username") or identity
    is_bot = bool(user.get("bot")) or bool(user.get("system"))
    account = "weaver" if identity == me else ""
    made = moment(int(identity))
    return Member(PLATFORM, identity, _clean(str(name)), is_bot, account, made)


def author_of(message: Data, me: str = "") -> Member:
    """Who wrote a message; a webhook is a bot, whatever it calls itself."""
    nick = (message.get("member") or {}).get("nick")
    author = member_of(message["author"], nick, me)
    shared = sharer(message, me)
    if shared is not None:
        return shared
    if message.get("webhook_id") and not author.is_bot:
        return Member(PLATFORM, author.id, author.name, is_bot=True)
    return author


def sharer(message: Data, me: str) -> Member | None:
    """The member whose words an answer to ``/share`` carries; None for every other message."""
    asked = message.get("interaction_metadata")
    if not asked:
        return None
    found = _SHARED.match(message.get("content") or "")
    user = asked.get("user") or {}
    if not found or str(message["author"]["id"]) != me or str(user.get("id")) != found[1]:
        return None
    return member_of(user)


def is_said(message: Data) -> bool:
    """Whether somebody said it; joins, pins and the like are the platform's own words."""
    return message.get("type", DEFAULT) in _SAID and "author" in message


def words_told(message: Data, eyes: Eyes) -> bool:
    """Whether Discord tells us the words: of all, or of our own, of mentions and private ones."""
    named = {str(one.get("id")) for one in message.get("mentions") or ()}
    return (
        eyes.sees_words
        or str(message["author"]["id"]) == eyes.me
        or eyes.me in named
        or not message.get("guild_id")
    )


def words_of(message: Data, me: str = "") -> str:
    """What a message says; of a forward, what it passes on."""
    text = str(message.get("content") or "")
    if sharer(message, me):
        return text.partition("\n")[2]
    for snapshot in message.get("message_snapshots") or ():
        text = text or str((snapshot.get("message") or {}).get("content") or "")
    return text.replace("\0", "")


def post_of(message: Data, place: Place, eyes: Eyes, *, spoken: bool = False) -> Post:
    """A message as a post. ``spoken``: somebody other than its starter spoke in the thread."""
    author = author_of(message, eyes.me)
    text = words_of(message, eyes.me)
    kind, parent, root = _relation(message, place, author, spoken=spoken)
    begins = place.forum and str(message["id"]) == place.channel
    tags = (*(hashtags(text, "discord")), *(place.tags if begins else ()))
    attached = message.get("attachments") or ()
    shown = [one for one in attached if str(one.get("content_type")).startswith(_SEEN)]
    return Post(
        post_id(place.channel, message["id"]),
        place.space,
        author,
        text,
        moment(int(message["id"])),
        kind,
        parent,
        root,
        tuple(dict.fromkeys(tags)),
        "://" in text or bool(message.get("embeds")),
        tuple(member_of(one, me=eyes.me) for one in message.get("mentions") or ()),
        labels=(SPOILER,) if any(map(_is_hidden, attached)) else (),
        pictures=tuple(bool(str(one.get("description") or "").strip()) for one in shown),
    )


def _is_hidden(attachment: Data) -> bool:
    """Whether its author hid it behind a warning."""
    flags = attachment.get("flags") or 0
    return bool(flags & _IS_SPOILER) or str(attachment.get("filename", "")).startswith("SPOILER_")


def _relation(
    message: Data, place: Place, author: Member, *, spoken: bool
) -> tuple[PostKind, str | None, str | None]:
    """Kind, parent and root of a message."""
    reference = message.get("message_reference") or {}
    about = None
    if reference.get("message_id"):
        about = post_id(reference.get("channel_id") or place.channel, reference["message_id"])
    if reference.get("type") == _FORWARD or (message.get("flags") or 0) & _IS_CROSSPOST:
        return "repost", None, about
    if message.get("type") == REPLY:
        return "reply", about or place.root, place.root or about
    if place.thread and str(message["id"]) != place.channel:
        replies = author.id != place.starter or spoken
        return ("reply" if replies else "original"), (place.root if replies else None), place.root
    return "original", None, None


def seen(message: Data, place: Place, eyes: Eyes, *, spoken: bool = False) -> PostSeen:
    """Somebody said something."""
    post = post_of(message, place, eyes, spoken=spoken)
    return PostSeen(f"m{message['id']}", post.at, place.space, post)


def edited(message: Data, place: Place, eyes: Eyes, *, spoken: bool = False) -> PostEdited | None:
    """Somebody changed what they said; None when only a preview came, or no words are told."""
    changed = message.get("edited_timestamp")
    if not changed or not is_said(message) or not words_told(message, eyes):
        return None
    at = datetime.fromisoformat(str(changed)).astimezone(UTC)
    post = post_of(message, place, eyes, spoken=spoken)
    return PostEdited(f"e{message['id']}/{changed}", at, place.space, post)


def retagged(message: Data, place: Place, eyes: Eyes, at: datetime) -> PostEdited:
    """The tags of a forum's thread changed, which are those of the post it begins with."""
    post = post_of(message, place, eyes)
    return PostEdited(f"t{message['id']}/{at.timestamp():.3f}", at, place.space, post)


def deleted(message: str, place: Place, at: datetime) -> PostDeleted:
    """A message is gone."""
    return PostDeleted(f"d{message}", at, place.space, post_id(place.channel, message))


def joined(guild: str, user: Data, when: str, space: Space, nick: str | None) -> MemberJoined:
    """Somebody arrived; the same arrival has the same id, however often it is told."""
    at = datetime.fromisoformat(when).astimezone(UTC)
    what = f"j{guild}/{user['id']}/{at.timestamp():.0f}/{space.id}"
    return MemberJoined(what, at, space, member_of(user, nick), moment(int(user["id"])))


def meeting_answered(data: Data, space: Space, at: datetime, *, coming: bool) -> MeetingAnswered:
    """Somebody is interested in a meeting, as Discord calls it, or no longer is."""
    meeting = f"{data['guild_id']}/{data['guild_scheduled_event_id']}"
    what = f"r{meeting}/{at.timestamp():.6f}/{space.id}"
    member = Member(PLATFORM, str(data["user_id"]))
    return MeetingAnswered(what, at, space, member, meeting, coming)


def meeting_counted(
    meeting: str, people: Iterable[Data], space: Space, at: datetime
) -> MeetingCounted:
    """All who are interested in a meeting now."""
    who = tuple(Member(PLATFORM, str(one["user_id"])) for one in people)
    return MeetingCounted(f"c{meeting}/{at.timestamp():.6f}/{space.id}", at, space, meeting, who)


def called(message: Data, place: Place, eyes: Eyes) -> CommandCalled | None:
    """A message that begins by naming Weaver asks it for something; None for every other."""
    text = words_of(message).lstrip()
    found = _MENTION.match(text)
    if found is None or found[1] != eyes.me or (author := author_of(message)).is_bot:
        return None
    words = text[found.end() :].lstrip(" ,:")
    others = [one for one in message.get("mentions") or () if str(one.get("id")) != eyes.me]
    mine = (message.get("member") or {}).get("roles") or ()
    about = message.get("referenced_message")
    return CommandCalled(
        f"m{message['id']}",
        moment(int(message["id"])),
        place.space,
        author,
        plain(words),
        post_id(place.channel, message["id"]),
        tuple(member_of(one) for one in others),
        named=tuple(Role(PLATFORM, role) for role in dict.fromkeys(_ROLE.findall(words))),
        roles=tuple(Role(PLATFORM, str(role)) for role in mine),
        about=post_of(about, place, eyes) if about and is_said(about) else None,
    )


def plain(words: str) -> str:
    """Mentions as the ids of whom they mean, one word each, as commands take them."""
    return _ROLE.sub(r"\1", _MENTION.sub(r"\1", words))


def _clean(name: str) -> str:
    """A name that breaks no line and pings nobody where it is only words."""
    return " ".join(name.replace("\0", "").split()) or "somebody"
