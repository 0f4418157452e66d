"""What leads from one space of a chat to the others: where people answer there, never what."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.api import Space
from plugins.chats import answers
from plugins.chats.series import Chats, spaces_of
from plugins.chats.tables import ChatSession, Series, Step
from plugins.chats.words import number_words, platform_words


def with_links(  # noqa: PLR0913 - what is said, and where
    ctx: Chats,
    series: Series,
    session: ChatSession,
    space: Space,
    text: str,
    *,
    before: Step | None,
) -> str:
    """Give what is said in a space, with links to the answers to the question before it elsewhere.

    A link stands only where people answered, and only where the platform has room for it: the
    words of hosts come first, and a post is never cut or split for a link.
    """
    if before is None or len(spaces_of(ctx, series)) < 2:  # noqa: PLR2004 - elsewhere needs two
        return text
    room = ctx.longest.get(space.platform, ctx.settings.longest)
    for line in _lines(ctx, series, session, space, before):
        longer = f"{text}\n\n{line}"
        if len(longer) <= room:
            text = longer
    return text


def question_before(steps: Sequence[Step], step: Step) -> Step | None:
    """The question that was asked before a step, if any was."""
    earlier = [
        one
        for one in steps
        if one.position < step.position and one.state == "asked" and one.name.startswith("Q")
    ]
    return max(earlier, key=lambda one: one.position, default=None)


def _lines(
    ctx: Chats, series: Series, session: ChatSession, space: Space, before: Step
) -> Iterator[str]:
    for other in spaces_of(ctx, series):
        if other == space:
            continue
        posts = [post for where, post in before.posts.values() if where == other.key and post]
        link = ctx.link(other, posts[-1]) if posts else ""
        count = answers.count(ctx, session, before.position, space=other.key)
        if link and count:
            many = f"{number_words(count).capitalize()} answer{'' if count == 1 else 's'}"
            yield f"{many} to {before.name} in {_place(other)}: {link}"


def _place(space: Space) -> str:
    """Name a space for people who are elsewhere: "tea-room on Discord"."""
    platform = platform_words(space.platform)
    return f"{space.name or space.id}{f' on {platform}' if platform else ''}"
