"""Ask the AppView for what the stream can no longer repeat, as the lines it would have told.

Bounded everywhere: the posts of a hashtag by search, the threads that Weaver knew or found so,
and which of the latest posts it knew are gone. What was edited, reposted or answered elsewhere in
that time cannot be known any more.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import msgspec
import structlog
from atproto import AsyncClient, models
from atproto.exceptions import AtProtocolError
from atproto_client.models.base import ParamsModelBase
from httpx import HTTPError

from bot.adapters.bluesky.accounts import Account
from bot.adapters.bluesky.answers import name_of
from bot.adapters.bluesky.jetstream import POST, micros, moment
from bot.adapters.bluesky.records import parts_of_uri
from bot.adapters.bluesky.repository import Repository
from bot.domain.ports import Rejected, TryLater

log = structlog.get_logger()
PAGE, PAGES = 100, 10
"""Posts of a search at a time, and how often it goes on."""
KNOWN, AT_ONCE = 500, 25
"""Of the posts that are known, the latest so many are looked at; how many at once."""
THREADS, DEPTH = 100, 20
"""Threads that are read, those with the latest posts first, and how deep."""
SECONDS = 300.0
"""After which it is left at what was found."""
View = Mapping[str, Any]
"""A post as the AppView shows it."""
Known = tuple[str, str, bool]


@dataclass(slots=True)
class Recovered:
    """What could be brought back of a gap: lines as Jetstream's, what begins a thread first."""

    lines: list[bytes] = field(default_factory=list)
    whole: bool = True
    """Whether nothing was left out for its bounds, or because a question was not answered."""


@dataclass(frozen=True, slots=True)
class Recovery:
    """Questions that one account asks of the AppView behind its server."""

    account: Account

    async def between(
        self, since: datetime, until: datetime, hashtags: Iterable[str], known: Iterable[Known]
    ) -> Recovered:
        """What happened in a gap as far as it can be asked for.

        ``known`` are spaces, posts and whether they are tracked themselves, oldest first.
        """
        gap = _Gap(self.account, since, until)
        try:
            async with asyncio.timeout(SECONDS):
                await gap.search(hashtags)
                await gap.look_at([uri for _, uri, tracked in known if tracked][-KNOWN:])
                await gap.read_threads()
        except (TimeoutError, Rejected, TryLater, AtProtocolError, HTTPError) as problem:
            gap.whole = False
            log.warning("bluesky gap not filled", why=str(problem) or type(problem).__name__)
        lines = [_made(view) for view in sorted(gap.found.values(), key=_in_turn)]
        gone = [_deleted(uri, until) for uri in gap.gone]
        log.info("bluesky gap filled", posts=len(lines), gone=len(gone), whole=gap.whole)
        return Recovered(lines + gone, gap.whole)


@dataclass(slots=True)
class _Gap:
    """One gap while it is asked about."""

    account: Account
    since: datetime
    until: datetime
    found: dict[str, View] = field(default_factory=dict)
    """Posts that were made in it, by address."""
    gone: list[str] = field(default_factory=list)
    whole: bool = True
    _answered: dict[str, str] = field(default_factory=dict)
    """Posts with answers, and when they were made; each may begin a thread, or lie in one."""

    async def search(self, hashtags: Iterable[str]) -> None:
        """Find posts by their words; which of them carry the tag is for the matcher to say."""
        for hashtag in hashtags:
            cursor: str | None = None
            for _ in range(PAGES):
                asked = models.AppBskyFeedSearchPosts.Params(
                    q=hashtag,
                    sort="latest",
                    since=_written(self.since),
                    until=_written(self.until),
                    limit=PAGE,
                    cursor=cursor,
                )
                page = await self._ask("searchPosts", asked)
                views = _views(page.get("posts"))
                self._take(views)
                cursor = page.get("cursor")
                if not cursor or not views or _seen(views[-1]) < _written(self.since):
                    break
            else:
                self.whole = False

    async def look_at(self, known: Sequence[str]) -> None:
        """See which known posts are gone, and which have answers."""
        for at in range(0, len(known), AT_ONCE):
            asked = list(known[at : at + AT_ONCE])
            page = await self._ask("getPosts", models.AppBskyFeedGetPosts.Params(uris=asked))
            views = _views(page.get("posts"))
            self._note(views)
            for uri in set(asked) - {view["uri"] for view in views}:
                if await Repository(self.account).find(uri) is None:
                    self.gone.append(uri)

    async def read_threads(self) -> None:
        """Find answers in threads that were known, and in those that the search found."""
        begun = sorted(self._answered, key=lambda uri: self._answered[uri], reverse=True)
        self.whole = self.whole and len(begun) <= THREADS
        for uri in begun[:THREADS]:
            asked = models.AppBskyFeedGetPostThread.Params(uri=uri, depth=DEPTH, parent_height=0)
            page = await self._ask("getPostThread", asked)
            self._take(_answers(page.get("thread")))

    async def _ask(self, name: str, params: ParamsModelBase) -> dict[str, Any]:
        """What the AppView says; nothing, of a thread that is no longer there."""

        async def work(client: AsyncClient) -> dict[str, Any]:
            try:
                answer = await client.invoke_query(
                    f"app.bsky.feed.{name}",
                    params=params,
                    output_encoding="application/json",
                )
            except AtProtocolError as error:
                if name_of(error) == "NotFound":
                    return {}
                raise
            return answer.content if isinstance(answer.content, dict) else {}

        return await self.account.call(work)

    def _take(self, views: Iterable[View]) -> None:
        """Keep the posts that were made in the gap."""
        for view in views:
            if _written(self.since) < _seen(view) <= _written(self.until):
                self.found[view["uri"]] = view
                self._note([view])

    def _note(self, views: Iterable[View]) -> None:
        for view in views:
            if view.get("replyCount"):
                self._answered[view["uri"]] = _seen(view)


def _views(found: object) -> list[View]:
    """Those of a list that are posts, with all that is needed of them."""
    return [view for view in found if _is_whole(view)] if isinstance(found, list) else []


def _is_whole(view: object) -> bool:
    if not isinstance(view, dict):
        return False
    author, indexed = view.get("author"), view.get("indexedAt")
    uri, record = view.get("uri"), view.get("record")
    return (
        isinstance(author, dict)
        and isinstance(indexed, str)
        and moment(indexed) is not None
        and isinstance(record, dict)
        and isinstance(uri, str)
        and f"/{POST}/" in uri
    )


def _answers(thread: object) -> Iterator[View]:
    """All posts of a thread, as far as they are shown."""
    if isinstance(thread, dict):
        yield from _views([thread.get("post")])
        for below in thread.get("replies") or ():
            yield from _answers(below)


def _seen(view: View) -> str:
    """When the AppView first saw a post, to compare by."""
    at = moment(view["indexedAt"])
    return _written(at) if at else ""


def _in_turn(view: View) -> tuple[bool, str]:
    """Order posts so that none comes before the one whose thread it is in."""
    return "reply" in view["record"], _seen(view)


def _written(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _made(view: View) -> bytes:
    """The line in which Jetstream would have told of a post, but for its revision."""
    did, collection, rkey = parts_of_uri(view["uri"])
    at = moment(view["indexedAt"])
    commit = {
        "operation": "create",
        "collection": collection,
        "rkey": rkey,
        "cid": view.get("cid"),
        "record": view["record"],
    }
    line = {"did": did, "time_us": micros(at) if at else 0, "kind": "commit", "commit": commit}
    return msgspec.json.encode(line)


def _deleted(uri: str, at: datetime) -> bytes:
    """The line in which Jetstream would have told that a post is gone."""
    did, collection, rkey = parts_of_uri(uri)
    commit = {"operation": "delete", "collection": collection, "rkey": rkey}
    line = {"did": did, "time_us": micros(at), "kind": "commit", "commit": commit}
    return msgspec.json.encode(line)
