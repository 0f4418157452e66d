"""What is known of posts: metadata, one row per space and post, written as events come."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Integer, and_, bindparam, delete, exists, or_, select, update

from bot.domain.events import Event, PostDeleted, PostEdited, PostLiked, PostSeen
from bot.domain.hashtags import fold
from bot.domain.links import is_only_link
from bot.domain.model import Post, Space
from bot.kernel.days import PLACE
from bot.kernel.registry import Looked
from bot.kernel.statements import POSTS, SPACES
from bot.kernel.writer import Transaction
from bot.storage.prepared import Prepared

_THIS = (POSTS.c.space == bindparam("in_space"), POSTS.c.post == bindparam("this"))
LIKED = update(POSTS).where(*_THIS).values(likes=POSTS.c.likes + bindparam("more", type_=Integer))
TAKE_OUT = Prepared(delete(POSTS).where(*_THIS).returning(*PLACE))
REWRITE = Prepared(
    update(POSTS)
    .where(*_THIS)
    .values({name: bindparam(name) for name in ("kind", "link", "bare", "untagged")})
    .returning(*PLACE)
)

_folded = lru_cache(4096)(fold)


def log(transaction: Transaction, event: Event, looked: Looked) -> None:
    """Write down what an event says about posts, for one community."""
    match event:
        case PostSeen(space=space, post=post):
            transaction.pending.add(row(post, space, looked))
        case PostEdited(space=space, post=post):
            now = {"kind": post.kind, "link": post.has_link, "bare": is_bare(post)}
            now["untagged"] = is_untagged(post)
            change(transaction, looked.space_ids[space.key], post.id, now)
        case PostDeleted(space=space, post_id=post_id):
            change(transaction, looked.space_ids[space.key], post_id, None)
        case PostLiked(space=space, post_id=post_id, given=given):
            transaction.settle()
            like = {"in_space": looked.space_ids[space.key], "this": post_id}
            transaction.connection.execute(LIKED, like | {"more": 1 if given else -1})


def change(
    transaction: Transaction, space: int, post_id: str, values: dict[str, Any] | None
) -> None:
    """Let a logged post read otherwise from now on, or take it out.

    It may be in the log, or among what is about to be; neither has to be written first.
    """
    transaction.pending.change(space, post_id, values)
    statement = TAKE_OUT if values is None else REWRITE
    asked = {"in_space": space, "this": post_id, **(values or {})}
    for place in statement.rows(transaction.connection, asked):
        transaction.pending.doubt(*place)


def row(post: Post, space: Space, looked: Looked) -> dict[str, Any]:
    """What is kept of a post in a space: metadata, never a word."""
    author, is_bot = post.author.key, post.author.is_bot
    return {
        "space": looked.space_ids[space.key],
        "post": post.id,
        "author": author,
        "at": post.at,
        "kind": post.kind,
        "bot": is_bot or author in looked.bots,
        "parent": post.reply_to,
        "root": post.root,
        "link": post.has_link,
        "bare": is_bare(post),
        "marked": not is_bot and author in looked.bots,
        "mentions": "\n".join([one.key for one in post.mentions if not one.is_bot]) or None,
        "untagged": is_untagged(post),
        "likes": 0,
    }


def is_untagged(post: Post) -> bool:
    """Whether a reply is in a hashtag's space for its thread's sake alone, without the tag."""
    tag = post.space.id
    if post.kind != "reply" or not tag.startswith("#"):
        return False
    return not post.tags or _folded(tag[1:]) not in map(_folded, post.tags)


def is_bare(post: Post) -> bool:
    """Whether a post begins something with nothing but a link."""
    return post.kind in ("original", "quote") and is_only_link(post.text, has_link=post.has_link)


def threads(
    connection: Connection, platform: str, most: int | None = None
) -> Iterator[tuple[str, str, bool]]:
    """The latest posts of a platform, oldest first: space, post, whether it is tracked itself.

    A reply is logged for its thread's sake, unless nothing that it answers is in the log.
    """
    above = POSTS.alias("above")
    in_thread = exists().where(
        above.c.space == POSTS.c.space, above.c.post.in_((POSTS.c.parent, POSTS.c.root))
    )
    tracked = and_(POSTS.c.kind != "repost", or_(POSTS.c.kind != "reply", ~in_thread))
    query = (
        select(SPACES.c.native, POSTS.c.post, tracked)
        .join_from(POSTS, SPACES, POSTS.c.space == SPACES.c.id)
        .where(SPACES.c.platform == platform)
        .order_by(POSTS.c.at.desc())
        .limit(most)
    )
    for native, post, is_tracked in reversed(connection.execute(query).all()):
        yield native, post, bool(is_tracked)


def is_answered(connection: Connection, post: str, author: str) -> bool:
    """Whether a person other than ``author`` (a member's key) answered a post."""
    others = (POSTS.c.parent == post, POSTS.c.author != author, POSTS.c.bot.is_(False))
    return connection.execute(select(POSTS.c.post).where(*others).limit(1)).first() is not None
