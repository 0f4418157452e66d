"""Pass a sub-community's posts on to the people who follow it: once, and with consent."""

from plugins.amplify import flow, hosts, members, report, review, succession, typing_tags
from plugins.amplify.description import plugin

__all__ = [
    "flow",
    "hosts",
    "members",
    "plugin",
    "report",
    "review",
    "succession",
    "typing_tags",
]
