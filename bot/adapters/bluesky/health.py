"""What an operator should know of an account: reachable, right password, labelled, budget left."""

from __future__ import annotations

from dataclasses import dataclass

from atproto import AsyncClient
from atproto.exceptions import AtProtocolError

from bot.adapters.bluesky.accounts import Account
from bot.adapters.bluesky.records import PROFILE, as_bot, is_bot
from bot.adapters.bluesky.repository import Repository
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


async def examine(account: Account, *, mend: bool = False) -> Health:
    """Look at an account on its server; ``mend`` sets the label ``bot`` where it lacks."""
    repository = Repository(account)
    try:
        handle, scope = await account.call(_session)
        found = await repository.own(PROFILE, "self")
        profile = found.record if found else {}
        bot = is_bot(profile)
        leads_here = await repository.did_of(handle) == account.did
        if mend and not bot:
            await repository.put(PROFILE, "self", as_bot(profile))
            bot = True
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
    if not bot:
        wrong.append(
            "it does not say that it is a bot, which Bluesky asks of bots; "
            "weaver check --online --fix sets the label"
        )
    points = await account.budget.left()
    return Health(account.name, handle, account.did or "", bot, points, tuple(wrong))


async def _session(client: AsyncClient) -> tuple[str, str]:
    """The account's handle now, and what its session is for."""
    found = await client.com.atproto.server.get_session()
    session = client._session  # noqa: SLF001 - the SDK shows its scope nowhere else
    scope = session.access_jwt_payload.scope if session else None
    return str(found.handle), scope or ""
