"""What Weaver does with people on Discord beside words: reactions, roles, and closed doors."""

from __future__ import annotations

import contextlib
import hashlib
from dataclasses import dataclass

from bot.adapters.discord.api import Api
from bot.adapters.discord.deeds import Deed, Deeds
from bot.adapters.discord.events import guild_of
from bot.adapters.discord.posts import MESSAGE, Posts
from bot.adapters.discord.snowflakes import post_id
from bot.domain.actions import GiveRole, React, Ref, TakeRole
from bot.domain.model import Member, Space
from bot.domain.ports import Delivery, Gone, Rejected

REACTION = f"{MESSAGE}/reactions/{{emoji}}/@me"
MEMBER_ROLE = "/guilds/{guild_id}/members/{user_id}/roles/{role_id}"
_ROLES = "Manage Roles"


@dataclass(frozen=True, slots=True)
class People:
    """Reactions and roles, all of which are safe to repeat."""

    api: Api
    posts: Posts
    deeds: Deeds

    async def react(self, action: React, delivery: Delivery) -> str:
        """Put an emoji on a post."""
        about = delivery.target if isinstance(action.post, Ref) else action.post
        channel, message, _ = await self.posts.standing(about)
        receipt = f"{post_id(channel, message)}/{action.emoji}"
        await self.deeds.keep(delivery.key, Deed(str(channel), receipt=receipt))
        await self.api.call(
            "PUT",
            REACTION,
            need="Add Reactions",
            channel_id=channel,
            message_id=message,
            emoji=action.emoji,
        )
        return receipt

    async def change_role(self, action: GiveRole | TakeRole, delivery: Delivery) -> str:
        """Give a member a role, or take it."""
        guild = await guild_of(self.api, action.space.id)
        role = await self._role(guild, action.role)
        receipt = f"{guild}/{action.member.id}/{role}"
        await self.deeds.keep(delivery.key, Deed(str(guild), receipt=receipt))
        await self._set_role(receipt, given=isinstance(action, GiveRole))
        return receipt

    async def undo(self, kind: str, key: str, receipt: str | None) -> None:
        """Take a reaction back, or give and take a role the other way round."""
        deed = await self.deeds.of(key)
        done = receipt or (deed.receipt if deed else "")
        if not done:
            return
        with contextlib.suppress(Gone):
            if kind == React.__name__:
                channel, message, emoji = done.split("/", 2)
                await self.api.call(
                    "DELETE",
                    REACTION,
                    channel_id=int(channel),
                    message_id=int(message),
                    emoji=emoji,
                )
            else:
                await self._set_role(done, given=kind == TakeRole.__name__)

    async def _set_role(self, what: str, *, given: bool) -> None:
        guild, user, role = what.split("/")
        await self.api.call(
            "PUT" if given else "DELETE",
            MEMBER_ROLE,
            need=_ROLES,
            guild_id=int(guild),
            user_id=int(user),
            role_id=int(role),
        )

    async def _role(self, guild: int, name: str) -> str:
        """The id of a role by its name or id."""
        found = await self.api.call("GET", "/guilds/{guild_id}/roles", guild_id=guild)
        wanted = name.lstrip("@").casefold()
        for role in found:
            if wanted in (str(role["id"]), str(role["name"]).casefold()):
                return str(role["id"])
        raise Rejected(f"there is no role {name!r} on the server")

    async def tell_closed(self, member: Member, answer: Rejected) -> None:
        """Let hosts hear once that somebody takes no private messages; raises Gone after that."""
        name = f"closed:{hashlib.sha256(member.key.encode()).hexdigest()[:32]}"
        if await self.deeds.state.get(name):
            raise Gone(str(answer)) from answer
        await self.deeds.state.keep(name, "1")

    async def remember_private(self, member: Member, space: Space) -> None:
        """Know which community somebody means who answers a private message."""
        await self.deeds.state.keep(private(member.id), space.id)


def private(user: str) -> str:
    """Under which name it is remembered which space a private talk with somebody belongs to."""
    return f"private:{hashlib.sha256(user.encode()).hexdigest()[:32]}"
