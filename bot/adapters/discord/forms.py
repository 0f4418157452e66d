"""What a form asks for: its id carries the rest of the command, or says where that is kept."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import parse_qsl, urlencode

from bot.adapters.discord.commands import FORM, Asked, Offered
from bot.adapters.discord.settings import PLATFORM
from bot.domain.commands import Holder
from bot.domain.model import Member, Role
from bot.domain.ports import AdapterState

KEPT = f"{FORM}="
"""How the id of a form begins whose command had no room in it."""
SLOTS = 256
"""Commands that are kept for forms; a later one takes the place of an earlier one."""
_LONGEST_ID = 100


@dataclass(frozen=True, slots=True)
class Forms:
    """The forms that are open, which outlive a restart."""

    offered: Offered
    state: AdapterState

    async def id_for(self, asked: Asked, interaction: int) -> str:
        """The id of a form for what a command still needs."""
        path, rest = self.offered.path_of(asked.spec), urlencode(asked.given)
        custom = f"{FORM}{path}{'?' if rest else ''}{rest}"
        if len(custom) <= _LONGEST_ID and not asked.named:
            return custom
        kept = {"id": interaction, "path": path, "given": asked.given}
        kept["named"] = [_packed(one) for one in asked.named]
        await self.state.keep(_slot(interaction), json.dumps(kept))
        return f"{KEPT}{interaction}"

    async def filled(self, custom: str, fields: Mapping[str, str]) -> Asked | None:
        """What a form asks for once it is filled in; None for one from too long ago."""
        if custom.startswith(KEPT):
            return await self._taken_up(custom.removeprefix(KEPT), fields)
        path, _, rest = custom.removeprefix(FORM).partition("?")
        spec = self.offered.called(path)
        return Asked(spec, {**dict(parse_qsl(rest)), **fields}) if spec else None

    async def _taken_up(self, interaction: str, fields: Mapping[str, str]) -> Asked | None:
        """The same from what was kept for it, which is not needed any more then."""
        slot = _slot(int(interaction)) if interaction.isdecimal() else ""
        kept: dict[str, Any] = json.loads(await self.state.get(slot) or "{}") if slot else {}
        spec = self.offered.called(kept["path"]) if str(kept.get("id")) == interaction else None
        if spec is None:
            return None
        await self.state.keep(slot, "")
        asked = Asked(spec, {**kept["given"], **fields})
        return replace(asked, named=tuple(_unpacked(one) for one in kept["named"]))


def _slot(interaction: int) -> str:
    return f"form:{interaction % SLOTS}"


def _packed(one: Holder) -> list[Any]:
    return [type(one).__name__, one.id, one.name, isinstance(one, Member) and one.is_bot]


def _unpacked(told: list[Any]) -> Holder:
    kind, identity, name, is_bot = told
    if kind == Role.__name__:
        return Role(PLATFORM, identity, name)
    return Member(PLATFORM, identity, name, is_bot=is_bot)
