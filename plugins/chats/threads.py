"""Threads, where hosts want them: for each session, for each question, or as a forum's post."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.api import Action, OpenThread, Post, Ref, Reply, SendPost, Urgency
from plugins.chats.meetings import title
from plugins.chats.planning import key_of
from plugins.chats.series import Chats, series_words, spaces_of
from plugins.chats.tables import ChatSession, Series, Step
from plugins.chats.words import chat_words, prompt_label

_OPENED = "Hosts want each session in a thread of its own, so Weaver opens one with its hello."
_ASKED = "Hosts want the answers to each question in a thread of their own."
_POSTED = "Hosts hold this chat in a forum, so each session is a post there, and is held in it."


def open_from(
    ctx: Chats, series: Series, session: ChatSession, said: SendPost, step: Step
) -> Iterator[Action]:
    """Open the thread that hosts want from a post: a session's from its hello, or a question's."""
    if ctx.settings.thread is True and not step.position:
        session.threads = {**session.threads, said.space.key: [f"{said.key}:thread", ""]}
        name, why = title(series, session.topic), _OPENED
    elif ctx.settings.thread == "question" and step.name.startswith("Q"):
        question = session.script[step.position - 1].text
        name, why = prompt_label(step.position, question, longest=100), _ASKED
    else:
        return
    yield OpenThread(
        f"{said.key}:thread",
        said.space,
        name,
        of=Ref(said.key),
        why=why,
        urgency=said.urgency,
        until=said.until,
    )


def post_in_forum(ctx: Chats, series: Series, session: ChatSession) -> Iterator[Action]:
    """Begin a session's post in each space that has none yet, where hosts hold it in a forum.

    It is begun once, by whatever is said of the session first; all that follows is said in it.
    """
    if ctx.settings.thread != "forum":
        return
    for space in spaces_of(ctx, series):
        if space.key in session.threads:
            continue
        elsewhere = [] if space.key == series.space else [space.key]
        key = key_of(ctx, session, *elsewhere, "post")
        session.threads = {**session.threads, space.key: [key, ""]}
        topic = session.topic or series.topic
        words = {**series_words(series), "chat": chat_words(series.recurrence), "topic": topic}
        yield OpenThread(
            key,
            space,
            title(series, topic),
            text=ctx.render("forum_post.md", **words),
            tags=tuple(ctx.settings.tags),
            why=_POSTED,
            urgency=Urgency.CHAT_STEP,
            until=session.ends,
        )


def placed(session: ChatSession, post: SendPost) -> SendPost | Reply:
    """Give a post as it is said: in the thread of its session, where there is one."""
    thread = session.threads.get(post.space.key)
    if thread is None:
        return post
    return Reply(
        post.key,
        post.space,
        Ref(thread[0]),
        post.text,
        post.buttons,
        post.pictures,
        post.moments,
        why=post.why,
        urgency=post.urgency,
        until=post.until,
    )


def opened(session: ChatSession, key: str, receipt: str) -> None:
    """Remember the post that a session's thread begins with."""
    session.threads = {
        space: [one, receipt if one == key else begins]
        for space, (one, begins) in session.threads.items()
    }


def beginnings(session: ChatSession, steps: Sequence[Step]) -> frozenset[str]:
    """Give the posts from which a session's threads were opened: what is in one has it above."""
    if not session.threads:
        return frozenset()
    hello = (receipt for _, receipt in steps[0].posts.values())
    return frozenset(filter(None, (*hello, *(begins for _, begins in session.threads.values()))))


def is_in(session: ChatSession, steps: Sequence[Step], post: Post) -> bool:
    """Whether a post was said in the thread of a session."""
    return not beginnings(session, steps).isdisjoint({post.reply_to, post.root})


def give_up(session: ChatSession, key: str) -> None:
    """Go on in the space itself where the act that opens a thread failed."""
    session.threads = {space: one for space, one in session.threads.items() if one[0] != key}


def leave(session: ChatSession, space: str) -> None:
    """Go on in a space itself where nothing more can be said in its thread."""
    session.threads = {one: thread for one, thread in session.threads.items() if one != space}
