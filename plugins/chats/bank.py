"""The topic bank: what members would like to talk about, in the order that hosts give it."""

from __future__ import annotations

from collections.abc import Sequence

from plugins.chats.logic import Prompt
from plugins.chats.series import Chats, next_number
from plugins.chats.tables import Topic


def keep(ctx: Chats, title: str, script: Sequence[Prompt]) -> Topic:
    """Put questions that were not asked back, for hosts to look at."""
    topic = Topic(
        community=ctx.community.id,
        number=next_number(ctx, Topic),
        title=title,
        prompts=[prompt.kept() for prompt in script],
        at=ctx.now,
    )
    ctx.db.add(topic)
    ctx.db.flush()
    return topic
