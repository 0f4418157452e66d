"""What an event of a platform is to a community: in a space of its own, by a person or a bot."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.events import Event, PostEdited, PostSeen, SpaceEvent
from bot.domain.model import Member
from bot.kernel.registry import Looked


def at_home(event: SpaceEvent, looked: Looked) -> SpaceEvent:
    """The event with its space as the community knows it, named and with its purpose."""
    space = looked.space(event.space)
    if isinstance(event, PostSeen | PostEdited):
        return replace(event, space=space, post=replace(event.post, space=space))
    return replace(event, space=space)


def is_bots(event: Event) -> bool:
    """Whether a bot did it: logged, but no business of any plugin."""
    match event:
        case PostSeen(post=post) | PostEdited(post=post):
            return post.author.is_bot
        case _:
            member = getattr(event, "member", None)
            return isinstance(member, Member) and member.is_bot
