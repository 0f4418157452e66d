"""A thread for each session, where hosts want one: what follows the hello is said in it."""

from __future__ import annotations

from collections.abc import Iterator

from bot.api import Action, OpenThread, Post, Ref, Reply, SendPost
from plugins.chats.meetings import title
from plugins.chats.series import Chats
from plugins.chats.tables import ChatSession, Series, Step

_OPENED = "Hosts want each session in a thread of its own, so Weaver opens one with its hello."


def open_from(
    ctx: Chats, series: Series, session: ChatSession, hello: SendPost
) -> Iterator[Action]:
    """Open the thread of a session from its hello, if hosts want one."""
    if not ctx.settings.thread:
        return
    key = f"{hello.key}:thread"
    session.threads = {**session.threads, hello.space.key: key}
    name = title(series, session.topic)
    yield OpenThread(
        key,
        hello.space,
        name,
        of=Ref(hello.key),
        why=_OPENED,
        urgency=hello.urgency,
        until=hello.until,
    )


def placed(session: ChatSession, post: SendPost) -> SendPost | Reply:
    """Give a post as it is said: in the thread of its session, where there is one."""
    thread = session.threads.get(post.space.key)
    if thread is None:
        return post
    return Reply(
        post.key,
        post.space,
        Ref(thread),
        post.text,
        post.buttons,
        post.pictures,
        post.moments,
        why=post.why,
        urgency=post.urgency,
        until=post.until,
    )


def beginnings(session: ChatSession, steps: list[Step]) -> frozenset[str]:
    """Give the posts from which a session's threads were opened: what is in one has it above."""
    if not session.threads:
        return frozenset()
    return frozenset(receipt for _, receipt in steps[0].posts.values() if receipt)


def is_in(session: ChatSession, steps: list[Step], post: Post) -> bool:
    """Whether a post was said in the thread of a session."""
    return not beginnings(session, steps).isdisjoint({post.reply_to, post.root})


def give_up(session: ChatSession, key: str) -> None:
    """Go on in the space itself where the act that opens a thread failed."""
    session.threads = {space: one for space, one in session.threads.items() if one != key}
