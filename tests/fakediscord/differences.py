"""Where Discord accepts, and discord.py sends, what the description does not allow. All of them."""

from __future__ import annotations

import copy
from functools import reduce
from operator import getitem

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
OVERWRITE = "/channels/{channel_id}/permissions/{overwrite_id}"
IDENTIFIER = ["string", "integer"]
"""What an identifier may be."""
PERMISSIONS = (
    "components schemas CreateRoleRequest properties permissions",
    "components schemas UpdateRoleRequestPartial properties permissions",
    "components schemas ChannelPermissionOverwriteRequest properties allow",
    "components schemas ChannelPermissionOverwriteRequest properties deny",
    f"paths {OVERWRITE} put requestBody content application/json schema properties allow",
    f"paths {OVERWRITE} put requestBody content application/json schema properties deny",
)
"""Where permissions stand. They outgrew integers, and are documented as strings."""
BITS = ["string", "integer", "null"]
"""What permissions may be."""
FORWARD = {"title": "FORWARD", "const": 1}
"""A reference of this type is documented, and missing from the description."""


def amended(document: Json) -> Json:
    """Return the description with what requests may hold besides."""
    document = copy.deepcopy(document)
    schemas = document["components"]["schemas"]
    for name, keys in KEYS.items():
        schemas[name]["properties"] |= {key: {} for key in keys}
    schemas["SnowflakeType"]["type"] = IDENTIFIER
    for place in PERMISSIONS:
        reduce(getitem, place.split(), document)["type"] = BITS
    return with_forwards(document)


def with_forwards(document: Json) -> Json:
    """Return the description with forwards, which answers hold too."""
    document = copy.deepcopy(document)
    document["components"]["schemas"]["MessageReferenceType"]["oneOf"].append(FORWARD)
    return document
