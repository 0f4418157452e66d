"""Likes are counted where that is wanted: how many, and never whose."""

import asyncio
from datetime import timedelta
from typing import Any

from bot.adapters.bluesky.jetstream import COLLECTIONS, LIKE, Change, Link, Record
from bot.adapters.bluesky.likes import ROOM, Likes
from bot.adapters.bluesky.matcher import Matcher
from bot.adapters.bluesky.stream import Stream
from bot.domain.events import Event, PostLiked
from bot.kernel.counts import Log
from bot.testing import ADA as FERN
from bot.testing import NOON, Harness
from plugins.welcome import plugin
from tests.adapters.bluesky.lines import ADA, BEA, commit, gone, line, said, uri
from tests.adapters.bluesky.standin import Ears, Standin, meanwhile, seconds
from tests.adapters.bluesky.test_stream import QUICK

TEA = uri(ADA, "tea")


def liked(rkey: str, post: str = TEA, did: str = BEA) -> bytes:
    made = {"$type": LIKE, "createdAt": "2026-05-25T14:23:28Z", "subject": {"uri": post}}
    return line(commit("create", rkey, made, LIKE), did)


def heard(*lines: bytes, with_likes: bool = True) -> tuple[list[Event], list[Any]]:
    """What comes of lines, and what the server was asked for."""

    async def scene() -> tuple[list[Event], list[Any]]:
        async with Standin() as server:
            ears = Ears()
            server.publish(said("tea", "#Tea"), *lines, said("last", "#Tea"))
            stream = Stream(
                Matcher(["#Tea"]),
                (server.address,),
                patience=QUICK,
                seconds=seconds,
                with_likes=with_likes,
            )
            begin = str(server.lines[0][0])
            last = uri(ADA, "last")
            await meanwhile(
                stream.listen(ears, begin),
                lambda: any(last in str(event) for event in ears.heard),
            )
            return ears.heard, server.asked

    return asyncio.run(scene())


def likes(events: list[Event]) -> list[tuple[str, bool]]:
    return [(one.post_id, one.given) for one in events if isinstance(one, PostLiked)]


def test_likes_of_tracked_posts_are_told_without_saying_whose() -> None:
    events, asked = heard(liked("1"), liked("2", uri(ADA, "other")), liked("3", did=ADA))

    assert likes(events) == [(TEA, True), (TEA, True)]
    assert LIKE in asked[0].getall("wantedCollections")
    assert not [one for one in events if isinstance(one, PostLiked) and BEA in str(one)]


def test_a_like_that_is_taken_back_counts_no_more_and_only_once() -> None:
    back = gone("1", BEA, LIKE)

    events, _ = heard(liked("1"), back, back, gone("7", BEA, LIKE))

    assert likes(events) == [(TEA, True), (TEA, False)]


def test_unless_it_is_wanted_nobody_asks_for_likes() -> None:
    events, asked = heard(liked("1"), with_likes=False)

    assert likes(events) == []
    assert asked[0].getall("wantedCollections") == list(COLLECTIONS)


def test_few_likes_are_remembered() -> None:
    known = Likes({hash(TEA): ("#Tea",)})
    given = Record(subject=Link(TEA))
    for number in range(ROOM + 5):
        known.heard(Change(BEA, 1, "create", LIKE, str(number), "r", given))

    assert known.heard(Change(BEA, 1, "delete", LIKE, "0", "r")) == ()
    assert len(known.heard(Change(BEA, 1, "delete", LIKE, "9", "r"))) == 1


def test_the_log_counts_them_with_the_post_and_forgets_them_with_it() -> None:
    bot = Harness(plugin)
    post = bot.posts(FERN, "Hello.")
    for identity, given in (("1", True), ("1", True), ("2", True), ("back", False), ("3", True)):
        bot.dispatches(PostLiked(identity, NOON, post.space, post.id, given))

    def counted() -> int:
        looked = bot.weaver.registry.communities["garden"]
        with bot.weaver.database.read.connect() as connection:
            since, until = NOON - timedelta(days=1), NOON + timedelta(days=1)
            return Log(connection, looked).likes(post.space.key, since, until)

    assert counted() == 2
    bot.deletes(post)
    assert counted() == 0
