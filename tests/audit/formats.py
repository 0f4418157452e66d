"""Write one and the same talk in every format that the audit reads."""

import csv
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from io import StringIO
from typing import Any, Literal

import zstandard

Kind = Literal["original", "reply", "repost", "quote"]


@dataclass(frozen=True)
class Said:
    """A post, by somebody with a number, at a second since 1970."""

    number: int
    who: int
    at: int
    kind: Kind = "original"
    is_bot: bool = False

    @property
    def name(self) -> str:
        return f"{'robot' if self.is_bot else 'person'}{self.who}"

    @property
    def when(self) -> datetime:
        return datetime.fromtimestamp(self.at, UTC)

    @property
    def iso(self) -> str:
        return f"{self.when:%Y-%m-%dT%H:%M:%SZ}"


def tags(posts: Sequence[Said]) -> bytes:
    text = StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(
        ["id_str", "from_user", "text", "created_at", "in_reply_to_status_id_str", "is_retweet"]
    )
    for one in posts:
        date = f"{one.when:%a %b %d %H:%M:%S +0000 %Y}"
        answers = "77" if one.kind == "reply" else ""
        writer.writerow([one.number, one.name, "two\nlines", date, answers, one.kind == "repost"])
    return text.getvalue().encode()


def discord_json(posts: Sequence[Said]) -> bytes:
    def message(one: Said) -> dict[str, Any]:
        author = {"id": str(one.who), "name": one.name, "isBot": one.is_bot}
        kind = "Reply" if one.kind == "reply" else "Default"
        found = {"id": str(one.number), "type": kind, "timestamp": one.iso, "author": author}
        return found | ({"reference": {"type": "Forward"}} if one.kind == "repost" else {})

    channel = {"id": "5", "type": "GuildTextChat", "name": "talk"}
    return json.dumps({"channel": channel, "messages": list(map(message, posts))}).encode()


def discord_csv(posts: Sequence[Said]) -> bytes:
    text = StringIO()
    writer = csv.writer(text, quoting=csv.QUOTE_ALL)
    writer.writerow(["AuthorID", "Author", "Date", "Content", "Attachments", "Reactions"])
    for one in posts:
        words = f"@ada number {one.number}" if one.kind == "reply" else f"number {one.number}\nyes"
        writer.writerow([one.who + 1000 * one.is_bot, one.name, one.iso, words, "", ""])
    return b"\xef\xbb\xbf" + text.getvalue().encode()


def jetstream(posts: Sequence[Said]) -> bytes:
    return b"".join(json.dumps(_commit(one)).encode() + b"\n" for one in posts)


def _commit(one: Said) -> dict[str, Any]:
    other = {"uri": "at://did:plc:other/app.bsky.feed.post/3kother", "cid": "bafy"}
    record: dict[str, Any] = {"createdAt": one.iso, "text": "hello"}
    if one.kind == "reply":
        record["reply"] = {"root": other, "parent": other}
    elif one.kind == "quote":
        record["embed"] = {"$type": "app.bsky.embed.record", "record": other}
    elif one.kind == "repost":
        record = {"createdAt": one.iso, "subject": other}
    commit = {
        "rev": f"3k{one.number}",
        "operation": "create",
        "collection": f"app.bsky.feed.{'repost' if one.kind == 'repost' else 'post'}",
        "rkey": f"3k{one.number}",
        "record": record,
        "cid": "bafy",
    }
    time = one.at * 1_000_000 + 500_000
    return {"did": f"did:plc:{one.name}", "time_us": time, "kind": "commit", "commit": commit}


def jetstream_zst(posts: Sequence[Said]) -> bytes:
    return zstandard.ZstdCompressor().compress(jetstream(posts))


def outbox(posts: Sequence[Said]) -> bytes:
    def item(one: Said) -> dict[str, Any]:
        actor = f"https://example.social/users/{one.name}"
        found = {"id": f"{actor}/statuses/{one.number}/activity", "actor": actor}
        found |= {"published": one.iso, "to": ["https://www.w3.org/ns/activitystreams#Public"]}
        if one.kind == "repost":
            return found | {"type": "Announce", "object": "https://other.example/1"}
        status = {"id": f"{actor}/statuses/{one.number}", "type": "Note", "inReplyTo": None}
        status["inReplyTo"] = "https://other.example/2" if one.kind == "reply" else None
        status["quote"] = "https://other.example/3" if one.kind == "quote" else None
        return found | {"type": "Create", "object": status}

    whole = {"@context": "https://www.w3.org/ns/activitystreams", "id": "outbox.json"}
    items = {"totalItems": len(posts), "orderedItems": list(map(item, posts))}
    return json.dumps(whole | {"type": "OrderedCollection"} | items, indent=1).encode()


def mbox(posts: Sequence[Said]) -> bytes:
    return "\n".join(
        f"From {one.name} at example.org  {one.when:%a %b %d %H:%M:%S %Y}\n"
        f"From: {one.name} at example.org (Caf\xe9)\n"
        f"Date: {one.when:%a, %d %b %Y %H:%M:%S +0000}\n"
        f"Subject: =?utf-8?q?caf=C3=A9?=\n and more\n"
        + ("In-Reply-To: <other@example.org>\n" if one.kind == "reply" else "")
        + ("Auto-Submitted: auto-generated\n" if one.is_bot else "")
        + f"Message-ID: <{one.number}@example.org>\n\nFrom here on it is words.\n>From: you\n"
        for one in posts
    ).encode("latin-1")


@dataclass(frozen=True)
class Format:
    """A format, the kinds that it can tell apart, and by what name a bot is left out."""

    write: Callable[[Sequence[Said]], bytes]
    kinds: tuple[Kind, ...]
    names_bots: bool
    bot_name: str = "{}"


FORMATS = {
    "tags": Format(tags, ("original", "reply", "repost"), names_bots=True),
    "discord json": Format(discord_json, ("original", "reply", "repost"), names_bots=False),
    "discord csv": Format(discord_csv, ("original", "reply"), names_bots=True),
    "jetstream": Format(
        jetstream, ("original", "reply", "repost", "quote"), names_bots=True, bot_name="did:plc:{}"
    ),
    "jetstream zst": Format(
        jetstream_zst,
        ("original", "reply", "repost", "quote"),
        names_bots=True,
        bot_name="did:plc:{}",
    ),
    "outbox": Format(outbox, ("original", "reply", "repost", "quote"), names_bots=True),
    "mbox": Format(mbox, ("original", "reply"), names_bots=False),
}
