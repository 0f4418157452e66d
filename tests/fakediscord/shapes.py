"""The objects of Discord as they travel, with every field that clients and schemas ask for."""

from __future__ import annotations

from typing import Any

Json = dict[str, Any]
TEXT, DM, VOICE, CATEGORY, ANNOUNCEMENT, STAGE, FORUM = 0, 1, 2, 4, 5, 13, 15
NEWS_THREAD, PUBLIC_THREAD, PRIVATE_THREAD = 10, 11, 12
THREADS = {NEWS_THREAD, PUBLIC_THREAD, PRIVATE_THREAD}
REQUIRE_TAG = 1 << 4
EPHEMERAL = 1 << 6


def user(id_: str, name: str, *, bot: bool = False) -> Json:
    """Describe an account. A bot's says that it is one; a person's says nothing."""
    described = {
        "id": id_,
        "username": name.lower().replace(" ", "_"),
        "discriminator": "0",
        "global_name": None if bot else name,
        "avatar": None,
        "flags": 0,
        "public_flags": 0,
        "primary_guild": None,
    }
    return described | ({"bot": True} if bot else {})


def member(account: Json, joined_at: str, *, pending: bool = False, flags: int = 0) -> Json:
    """Describe somebody in a guild; ``pending`` until they accept its rules."""
    return {
        "user": account,
        "roles": [],
        "joined_at": joined_at,
        "deaf": False,
        "mute": False,
        "nick": None,
        "avatar": None,
        "banner": None,
        "flags": flags,
        "pending": pending,
        "premium_since": None,
        "communication_disabled_until": None,
    }


def role(id_: str, name: str, permissions: int, position: int, **more: Any) -> Json:
    """Describe a role; the guild's own id is the role of everyone."""
    colours = {"primary_color": 0, "secondary_color": None, "tertiary_color": None}
    return {
        "id": id_,
        "name": name,
        "permissions": str(permissions),
        "position": position,
        "color": 0,
        "colors": colours,
        "hoist": False,
        "managed": False,
        "mentionable": False,
        "icon": None,
        "unicode_emoji": None,
        "flags": 0,
        "description": None,
        **more,
    }


GUILD: Json = {
    "icon": None,
    "description": None,
    "home_header": None,
    "splash": None,
    "discovery_splash": None,
    "banner": None,
    "features": ["COMMUNITY"],
    "emojis": [],
    "stickers": [],
    "incidents_data": None,
    "application_id": None,
    "region": "deprecated",
    "afk_channel_id": None,
    "afk_timeout": 300,
    "system_channel_id": None,
    "system_channel_flags": 0,
    "rules_channel_id": None,
    "public_updates_channel_id": None,
    "safety_alerts_channel_id": None,
    "widget_enabled": False,
    "widget_channel_id": None,
    "verification_level": 1,
    "default_message_notifications": 1,
    "explicit_content_filter": 0,
    "mfa_level": 0,
    "nsfw": False,
    "nsfw_level": 0,
    "premium_tier": 0,
    "premium_subscription_count": 0,
    "premium_progress_bar_enabled": False,
    "preferred_locale": "en-US",
    "vanity_url_code": None,
    "max_presences": None,
    "max_members": 500_000,
    "max_stage_video_channel_users": 50,
    "max_video_channel_users": 25,
    "hub_type": None,
}
"""A guild's settings, as they are when nobody has changed them."""
ONLY_AT_CREATE = ("channels", "threads", "members", "voice_states", "presences", "stage_instances")
ONLY_AT_CREATE += ("guild_scheduled_events", "soundboard_sounds", "member_count", "joined_at")
ONLY_AT_CREATE += ("large", "unavailable")


def guild(id_: str, name: str, owner: str, joined_at: str, everyone: int) -> Json:
    """Describe a guild as the gateway's GUILD_CREATE does."""
    return {
        **{key: list(value) if isinstance(value, list) else value for key, value in GUILD.items()},
        "id": id_,
        "name": name,
        "owner_id": owner,
        "roles": [role(id_, "@everyone", everyone, 0)],
        "channels": [],
        "threads": [],
        "members": [],
        "voice_states": [],
        "presences": [],
        "stage_instances": [],
        "guild_scheduled_events": [],
        "soundboard_sounds": [],
        "member_count": 0,
        "large": False,
        "unavailable": False,
        "joined_at": joined_at,
    }


def channel(id_: str, guild_id: str, name: str, kind: int, position: int) -> Json:
    """Describe a channel of a guild."""
    described: Json = {
        "id": id_,
        "guild_id": guild_id,
        "name": name,
        "type": kind,
        "position": position,
        "permission_overwrites": [],
        "nsfw": False,
        "parent_id": None,
        "flags": 0,
    }
    if kind in {TEXT, ANNOUNCEMENT, FORUM}:
        described |= {"topic": None, "rate_limit_per_user": 0, "last_message_id": None}
    if kind in {VOICE, STAGE}:
        described |= {"bitrate": 64_000, "user_limit": 0, "rtc_region": None}
        described |= {"rate_limit_per_user": 0, "last_message_id": None}
    if kind == FORUM:
        described |= {"available_tags": [], "default_reaction_emoji": None, "template": ""}
        described |= {"default_sort_order": None, "default_forum_layout": 0}
    return described


def thread(id_: str, parent: Json, owner: str, body: Json, at: str) -> Json:
    """Describe a new thread or forum post."""
    minutes = body.get("auto_archive_duration") or 1440
    public = {ANNOUNCEMENT: NEWS_THREAD}.get(parent["type"], PUBLIC_THREAD)
    described = {
        "id": id_,
        "guild_id": parent["guild_id"],
        "parent_id": parent["id"],
        "owner_id": owner,
        "name": body["name"],
        "type": body.get("type") or public,
        "last_message_id": None,
        "flags": 0,
        "message_count": 0,
        "member_count": 1,
        "total_message_sent": 0,
        "rate_limit_per_user": body.get("rate_limit_per_user") or 0,
        "thread_metadata": {
            "archived": False,
            "auto_archive_duration": minutes,
            "archive_timestamp": at,
            "locked": False,
            "create_timestamp": at,
        },
    }
    if parent["type"] == FORUM:
        described["applied_tags"] = [str(tag) for tag in body.get("applied_tags") or []]
    return described


def application(id_: str, bot: Json, owner: Json, flags: int) -> Json:
    """Describe the application behind the bot."""
    return {
        "id": id_,
        "name": bot["username"],
        "icon": None,
        "description": "",
        "summary": "",
        "type": None,
        "bot": bot,
        "bot_public": True,
        "bot_require_code_grant": False,
        "verify_key": "00",
        "flags": flags,
        "flags_new": str(flags),
        "hook": True,
        "is_monetized": False,
        "is_verified": False,
        "rpc_origins": [],
        "owner": owner,
        "team": None,
        "redirect_uris": [],
        "interactions_endpoint_url": None,
        "interactions_event_types": [],
        "interactions_version": 1,
        "role_connections_verification_url": None,
        "approximate_guild_count": 1,
        "approximate_user_install_count": 0,
        "approximate_user_authorization_count": 0,
        "eligible_oauth2_scopes": [],
        "explicit_content_filter": 0,
        "creator_monetization_state": 1,
        "monetization_state": 1,
        "monetization_eligibility_flags": 0,
        "integration_public": True,
        "integration_require_code_grant": False,
        "discoverability_state": 1,
        "discovery_eligibility_flags": 0,
        "rpc_application_state": 0,
        "store_application_state": 1,
        "verification_state": 1,
    }
