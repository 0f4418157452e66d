"""An event as one community knows it: its spaces named, and whose doing it is."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.events import Event, PostEdited, PostSeen, SpaceEvent
from bot.domain.model import Member
from bot.kernel.registry import Looked


def at_home(event: SpaceEvent, looked: Looked) -> SpaceEvent:
    """The event as the community knows it: its space named, and whom hosts said is a bot, a bot."""
    space = looked.space(event.space)
    if isinstance(event, PostSeen | PostEdited):
        post = replace(event.post, space=space)
        if post.author.key in looked.bots:
            post = replace(post, author=replace(post.author, is_bot=True))
        return replace(event, space=space, post=post)
    return replace(event, space=space)


def is_bots(event: Event) -> bool:
    """Whether a bot did it: logged, but no business of any plugin."""
    match event:
        case PostSeen(post=post) | PostEdited(post=post):
            return post.author.is_bot
        case _:
            member = getattr(event, "member", None)
            return isinstance(member, Member) and member.is_bot
