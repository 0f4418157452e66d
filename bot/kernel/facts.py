"""What is known of posts: metadata, one row per space and post, written as events come."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection, and_, delete, exists, or_, select, update

from bot.domain.events import Event, PostDeleted, PostEdited, PostSeen
from bot.domain.hashtags import fold
from bot.domain.links import is_only_link
from bot.domain.model import Post, Space
from bot.kernel.registry import Looked
from bot.kernel.statements import POSTS, SPACES
from bot.kernel.writer import Transaction


def log(transaction: Transaction, event: Event, looked: Looked) -> None:
    """Write down what an event says about posts, for one community."""
    match event:
        case PostSeen(space=space, post=post):
            transaction.pending.rows.append(row(post, space, looked))
        case PostEdited(space=space, post=post):
            now = {"kind": post.kind, "link": post.has_link, "bare": is_bare(post)}
            now["untagged"] = is_untagged(post)
            change(transaction, looked.space_ids[space.key], post.id, now)
        case PostDeleted(space=space, post_id=post_id):
            change(transaction, looked.space_ids[space.key], post_id, None)


def change(
    transaction: Transaction, space: int, post_id: str, values: dict[str, Any] | None
) -> None:
    """Let a logged post read otherwise from now on, or take it out."""
    transaction.settle()
    connection = transaction.connection
    this = (POSTS.c.space == space, POSTS.c.post == post_id)
    before = connection.execute(select(POSTS).where(*this)).first()
    if before is None:
        return
    if values is None:
        connection.execute(delete(POSTS).where(*this))
    else:
        connection.execute(update(POSTS).where(*this).values(values))
    transaction.pending.doubt(before._asdict())


def row(post: Post, space: Space, looked: Looked) -> dict[str, Any]:
    """What is kept of a post in a space: metadata, never a word."""
    return {
        "space": looked.space_ids[space.key],
        "post": post.id,
        "author": post.author.key,
        "at": post.at,
        "kind": post.kind,
        "bot": post.author.is_bot or post.author.key in looked.bots,
        "parent": post.reply_to,
        "root": post.root,
        "link": post.has_link,
        "bare": is_bare(post),
        "marked": not post.author.is_bot and post.author.key in looked.bots,
        "mentions": "\n".join(one.key for one in post.mentions if not one.is_bot) or None,
        "untagged": is_untagged(post),
    }


def is_untagged(post: Post) -> bool:
    """Whether a reply is in a hashtag's space for its thread's sake alone, without the tag."""
    tag = post.space.id
    if post.kind != "reply" or not tag.startswith("#"):
        return False
    return fold(tag[1:]) not in map(fold, post.tags)


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
