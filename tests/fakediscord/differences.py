"""Where Discord accepts, and discord.py sends, what the description does not allow. All of them."""

from __future__ import annotations

import copy

from tests.fakediscord.shapes import Json

KEYS = {
    "RichEmbed": ["flags"],
    "ApplicationCommandUpdateRequest": ["nsfw"],
    "ApplicationCommandCreateRequest": ["nsfw"],
    "ApplicationCommandPatchRequestPartial": ["nsfw"],
    "BaseCreateMessageCreateRequest": ["tts"],
    "MessageEditRequestPartial": ["tts"],
    "IncomingWebhookUpdateRequestPartial": ["tts"],
    "IncomingWebhookUpdateForInteractionCallbackRequestPartial": ["tts"],
    "CreateForumThreadRequest": ["type"],
    "MessageAttachmentRequest": ["url", "proxy_url", "size", "content_type", "spoiler"],
}
"""Keys that Discord passes over: of what was read before, and what a common method always sends."""
TYPES = {
    ("SnowflakeType", ""): ["string", "integer"],
    ("CreateRoleRequest", "permissions"): ["string", "integer", "null"],
    ("UpdateRoleRequestPartial", "permissions"): ["string", "integer", "null"],
}
"""An identifier may be an integer; permissions, which outgrow one, are a string."""
FORWARD = {"title": "FORWARD", "const": 1}
"""A reference of this type is documented, and missing from the description."""


def amended(document: Json) -> Json:
    """Return the description with what requests may hold besides."""
    document = copy.deepcopy(document)
    schemas = document["components"]["schemas"]
    for name, keys in KEYS.items():
        schemas[name]["properties"] |= {key: {} for key in keys}
    for (name, key), types in TYPES.items():
        holder = schemas[name]["properties"][key] if key else schemas[name]
        holder["type"] = types
    return with_forwards(document)


def with_forwards(document: Json) -> Json:
    """Return the description with forwards, which answers hold too."""
    document = copy.deepcopy(document)
    document["components"]["schemas"]["MessageReferenceType"]["oneOf"].append(FORWARD)
    return document
