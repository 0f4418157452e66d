"""Pass a sub-community's posts on to the people who follow it: once, and with consent."""

from plugins.amplify import (
    appeal,
    by_role,
    fates,
    feeds,
    flow,
    hosts,
    members,
    report,
    resting,
    review,
    succession,
    typing_tags,
)
from plugins.amplify.description import plugin

__all__ = [
    "appeal",
    "by_role",
    "fates",
    "feeds",
    "flow",
    "hosts",
    "members",
    "plugin",
    "report",
    "resting",
    "review",
    "succession",
    "typing_tags",
]
