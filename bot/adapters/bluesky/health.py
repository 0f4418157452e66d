"""What an operator should know of an account: reachable, right password, labelled, budget left."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from atproto import AsyncClient
from atproto.exceptions import AtProtocolError

from bot.adapters.bluesky.accounts import Account
from bot.adapters.bluesky.records import PROFILE, as_bot, is_bot, with_contact
from bot.adapters.bluesky.repository import Repository
from bot.domain.contact import whom_to_ask
from bot.domain.ports import Rejected, TryLater

APP_SCOPES = frozenset({"com.atproto.appPass", "com.atproto.appPassPrivileged"})
"""What a session may be for that was made with an app password."""


@dataclass(frozen=True, slots=True)
class Health:
    """How one account is. ``wrong`` says what a person has to mend, one thing a line."""

    name: str
    handle: str = ""
    did: str = ""
    bot: bool = False
    """Whether it says of itself that it is a bot."""
    points: int | None = None
    """What it may still write now."""
    wrong: tuple[str, ...] = ()


async def examine(account: Account, *, mend: bool = False, contact: str = "") -> Health:
    """Look at an account on its server.

    ``mend`` sets the label ``bot`` where it lacks, and writes into the profile whom to turn to.
    """
    repository = Repository(account)
    try:
        handle, scope = await account.call(_session)
        found = await repository.own(PROFILE, "self")
        profile = found.record if found else {}
        leads_here = await repository.did_of(handle) == account.did
        told = with_contact(profile, contact)
        better = told if told is not None else profile
        better = better if is_bot(better) else as_bot(better)
        if mend and better != profile:
            await repository.put(PROFILE, "self", better)
            profile = better
    except (Rejected, TryLater) as answer:
        return Health(account.name, wrong=(str(answer),))
    except AtProtocolError as error:
        words = f"gave no answer ({type(error).__name__}); try again"
        return Health(account.name, wrong=(f"{account.service} {words}",))
    wrong = []
    if not leads_here:
        wrong.append(f"its handle {handle} no longer leads to it; mend it in Bluesky's settings")
    if scope not in APP_SCOPES:
        wrong.append("it signs in with its main password; make an app password instead")
    wrong += _amiss(profile, told, contact)
    points, bot = await account.budget.left(), is_bot(profile)
    return Health(account.name, handle, account.did or "", bot, points, tuple(wrong))


def _amiss(
    profile: Mapping[str, Any], told: Mapping[str, Any] | None, contact: str
) -> Iterator[str]:
    """What a profile does not say; ``told`` is the one that says whom to turn to."""
    if not is_bot(profile):
        yield (
            "it does not say that it is a bot, which Bluesky asks of bots; "
            "weaver check --online --fix sets the label"
        )
    if told is None:
        yield f"its profile has no room to say whom to turn to; write there: {whom_to_ask(contact)}"
    elif told.get("description") != profile.get("description"):
        yield (
            f"its profile does not say whom to turn to ({contact}); "
            "weaver check --online --fix adds a line"
        )


async def _session(client: AsyncClient) -> tuple[str, str]:
    """The account's handle now, and what its session is for."""
    found = await client.com.atproto.server.get_session()
    session = client._session  # noqa: SLF001 - the SDK shows its scope nowhere else
    scope = session.access_jwt_payload.scope if session else None
    return str(found.handle), scope or ""
