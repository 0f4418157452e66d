"""Everything a plugin may import. What is not here may change without notice."""

from bot.domain.actions import (
    Action,
    Answer,
    DirectMessage,
    LeaveAlone,
    NotifyHosts,
    Ref,
    Reply,
    Repost,
    SendPost,
    Undo,
    Urgency,
)
from bot.domain.errors import UserError
from bot.domain.events import (
    CommunityOpened,
    Delivered,
    Due,
    Event,
    Failed,
    MemberJoined,
    PostDeleted,
    PostEdited,
    PostSeen,
)
from bot.domain.hashtags import fold, hashtags
from bot.domain.measures import half_up, wilson
from bot.domain.model import Community, Grounds, Member, Post, Space
from bot.domain.recurrence import Occurrence, Recurrence, to_local, to_utc, zone_named
from bot.domain.text import clock_words, day_words, join_words, when_words, zone_words
from bot.plugin import Call, Context, Page, Plugin, Said, Talk
from bot.storage.types import PluginTable, instant, instant_or_none, json_column

__all__ = [
    "Action",
    "Answer",
    "Call",
    "Community",
    "CommunityOpened",
    "Context",
    "Delivered",
    "DirectMessage",
    "Due",
    "Event",
    "Failed",
    "Grounds",
    "LeaveAlone",
    "Member",
    "MemberJoined",
    "NotifyHosts",
    "Occurrence",
    "Page",
    "Plugin",
    "PluginTable",
    "Post",
    "PostDeleted",
    "PostEdited",
    "PostSeen",
    "Recurrence",
    "Ref",
    "Reply",
    "Repost",
    "Said",
    "SendPost",
    "Space",
    "Talk",
    "Undo",
    "Urgency",
    "UserError",
    "clock_words",
    "day_words",
    "fold",
    "half_up",
    "hashtags",
    "instant",
    "instant_or_none",
    "join_words",
    "json_column",
    "to_local",
    "to_utc",
    "when_words",
    "wilson",
    "zone_named",
    "zone_words",
]
