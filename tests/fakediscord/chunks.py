"""Members on request (op 8), a thousand at a time."""

from __future__ import annotations

from collections.abc import Iterator

from tests.fakediscord.shapes import Json
from tests.fakediscord.world import World

CHUNK = 1000


def of(world: World, asked: Json) -> Iterator[Json]:
    """Answer with the members that were asked for by id or by the beginning of their name."""
    guild = world.guilds[str(asked["guild_id"])]
    wanted = asked.get("user_ids")
    missing: list[str] = []
    if wanted:
        ids = [str(id_) for id_ in (wanted if isinstance(wanted, list) else [wanted])]
        found = [each for each in guild["members"] if each["user"]["id"] in ids]
        missing = [id_ for id_ in ids if not world.find_member(guild["id"], id_)]
    else:
        start = (asked.get("query") or "").lower()
        found = [each for each in guild["members"] if each["user"]["username"].startswith(start)]
        found = found[: asked.get("limit") or None]
    pages = [found[at : at + CHUNK] for at in range(0, len(found), CHUNK)] or [[]]
    for number, page in enumerate(pages):
        yield {
            "guild_id": guild["id"],
            "members": page,
            "chunk_index": number,
            "chunk_count": len(pages),
            "not_found": missing if number == 0 else [],
            "nonce": asked.get("nonce"),
        }
