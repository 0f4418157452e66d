"""Where Discord accepts what its description does not allow. All of it, each with its reason.

Two differences hold for everybody. The rest are of discord.py, whose own methods send them; a bot
that writes its own requests is judged without them: ``load(path, library=False)``.
"""

from __future__ import annotations

import copy
from functools import reduce
from operator import getitem

from tests.fakediscord.shapes import Json

FORWARD = {"title": "FORWARD", "const": 1}
"""For everybody: a reference of this type is documented, and missing from the description."""
NUMBERED = "MessageAttachmentRequest"
"""For everybody: a new file is named by its place among the files, which is documented as 0, 1…"""
NSFW, TTS = ["nsfw"], ["tts"]
KEYS = {
    "RichEmbed": (["flags"], "an embed is sent with all that an embed can be read with"),
    "ApplicationCommandUpdateRequest": (NSFW, "a command always says so, in a list"),
    "ApplicationCommandCreateRequest": (NSFW, "and alone"),
    "ApplicationCommandPatchRequestPartial": (NSFW, "and when it is changed"),
    "BaseCreateMessageCreateRequest": (TTS, "the post of a forum is made as a message is"),
    "MessageEditRequestPartial": (TTS, "a message is edited as one is sent"),
    "IncomingWebhookUpdateRequestPartial": (TTS, "so is a webhook's, and a follow-up"),
    "IncomingWebhookUpdateForInteractionCallbackRequestPartial": (TTS, "so is a component's"),
    "CreateForumThreadRequest": (["type"], "the post of a forum is begun as any thread is"),
    NUMBERED: (
        ["url", "proxy_url", "size", "content_type", "spoiler"],
        "a file that stays at a message that is edited is sent as it was read",
    ),
}
"""Keys that Discord passes over, by the schema that lacks them, and why discord.py sends them."""
IDENTIFIER = ["string", "integer"]
"""What an identifier may be: discord.py sends those that it keeps as numbers so."""
OVERWRITE = "/channels/{channel_id}/permissions/{overwrite_id}"
PERMISSIONS = (
    "components schemas CreateRoleRequest properties permissions",
    "components schemas UpdateRoleRequestPartial properties permissions",
    "components schemas ChannelPermissionOverwriteRequest properties allow",
    "components schemas ChannelPermissionOverwriteRequest properties deny",
    f"paths {OVERWRITE} put requestBody content application/json schema properties allow",
    f"paths {OVERWRITE} put requestBody content application/json schema properties deny",
)
"""Where permissions stand: documented as strings since they outgrew integers, and sent as such."""
BITS = ["string", "integer", "null"]
"""What permissions may be."""


def amended(document: Json, *, library: bool = True) -> Json:
    """Return the description with what requests may hold besides."""
    document = copy.deepcopy(document)
    schemas = document["components"]["schemas"]
    schemas[NUMBERED]["properties"]["id"] = {"type": IDENTIFIER}
    if library:
        for name, (keys, _) in KEYS.items():
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
