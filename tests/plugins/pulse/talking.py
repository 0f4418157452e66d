"""A community that talks: many posts at once, so that weeks pass quickly."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from itertools import count

from bot.api import Member, Post
from bot.domain.events import PostSeen
from bot.kernel import bulk
from bot.testing import ADA, GRACE, Harness

WEEK = timedelta(days=7)
ROBOT = Member("fake", "robot", "Robot", is_bot=True)
_numbers = count()


def logs(bot: Harness, *posts: Post) -> None:
    """Let posts be heard in one go."""
    events = [PostSeen(f"seen-{post.id}", bot.now, post.space, post) for post in posts]
    work = partial(bulk.keep, events, bot.weaver.registry, bot.now)
    bot._run(bot.weaver.writer.write(work))


def post(bot: Harness, who: Member, to: str | None = None, after: float = 0.0) -> Post:
    """Something said in the lobby, some hours from now."""
    at, kind = bot.now + timedelta(hours=after), "reply" if to else "original"
    return Post(f"p{next(_numbers)}", bot.lobby, who, "Words", at, kind, to, to)


def talks(bot: Harness, originals: int, replies: int, who: Member = ADA) -> None:
    """Somebody begins so many things, and Grace answers the last of them so often."""
    begun = [post(bot, who) for _ in range(originals)]
    logs(bot, *begun, *(post(bot, GRACE, begun[-1].id) for _ in range(replies)))


def broadcasts(bot: Harness, weeks: int) -> None:
    """People post for weeks, and hardly anybody answers."""
    for _ in range(weeks):
        talks(bot, 30, 1)
        bot.passes(WEEK)


def alarms(bot: Harness) -> list[str]:
    """What hosts were told of broadcasts."""
    return [text for text in bot.told if " posts were replies (" in text]
