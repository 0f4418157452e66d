"""Direct messages on Bluesky (chat.bsky): commands in private, and what Weaver writes to one."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

import regex
import structlog
from atproto import AsyncClient
from atproto.exceptions import AtProtocolError

from bot.adapters.bluesky.accounts import Account
from bot.adapters.bluesky.answers import meaning_of, session_lost, words_of
from bot.adapters.bluesky.jetstream import moment
from bot.adapters.bluesky.settings import PLATFORM
from bot.domain.actions import Answer, DirectMessage
from bot.domain.events import CommandCalled
from bot.domain.model import Member, Space
from bot.domain.ports import AdapterState, Declined, Delivery, Dispatch, Rejected, TryLater
from bot.domain.text import with_choices

log = structlog.get_logger()
R = TypeVar("R")
PROXY = {"atproto-proxy": "did:web:api.bsky.chat#bsky_chat"}
"""By which the account's server passes a request on to Bluesky's chat."""
EVERY = 10.0
"""Seconds between looks for new messages."""
LONGEST = 600.0
"""Seconds between looks while they are in vain."""
REFUSED = 3600.0
"""Seconds for which an account that may not read messages does not try."""
GRAPHEMES = 1000
"""What one message holds (chat.bsky.convo.defs#messageInput)."""
RECENT = 50
"""Messages that are looked through for one that may have been sent unheard."""
_SECOND = timedelta(seconds=1)
_LETTERS = regex.compile(r"\X")
_CLOSED = (
    ("follow", "they take messages only from accounts that they follow"),
    ("disabled incoming", "they take no messages"),
)
_NO_ACCESS = (
    "the app password of {} may not use messages; make one that allows access to them, in "
    "Bluesky's settings"
)


class NoAccess(Rejected):
    """The account's password does not open its messages."""


@dataclass
class Chat:
    """The messages of one account."""

    account: Account
    state: AdapterState
    homes: Mapping[str, str]
    """The space that what is said to an account belongs to, by the account's name."""
    pause: Callable[[float], Awaitable[None]] = asyncio.sleep

    async def listen(self, dispatch: Dispatch) -> None:
        """Carry out what people write to the account, and answer, until cancelled.

        What was written before Weaver first listened is let be.
        """
        wait = EVERY
        while True:
            try:
                await self.look(dispatch)
                wait = EVERY
            except NoAccess as refusal:
                log.warning("bluesky messages closed", account=self.account.name, why=str(refusal))
                wait = REFUSED
            except Exception as error:  # noqa: BLE001 - it is looked at again
                log.info("bluesky messages unseen", error=type(error).__name__)
                wait = min(LONGEST, wait * 2)
            await self.pause(wait)

    async def look(self, dispatch: Dispatch) -> None:
        """Look once for what is new."""
        place = await self.state.get(self._key)
        if place is None:
            place = await self._latest()
            await self.state.keep(self._key, place)
        while True:
            logs, following = await self._log(place)
            for entry in logs:
                await self._hear(entry, dispatch)
            if following == place:
                return
            place = following
            await self.state.keep(self._key, place)

    @property
    def _key(self) -> str:
        return f"chat:{self.account.name}"

    async def _latest(self) -> str:
        """The place behind everything that was written until now."""
        place = ""
        while True:
            _, following = await self._log(place)
            if following == place:
                return place
            place = following

    async def _log(self, place: str) -> tuple[Sequence[Any], str]:
        """What happened behind a place, and the place behind that."""
        asked = {"cursor": place} if place else {}
        found = await self._do(lambda c: c.chat.bsky.convo.get_log(asked, headers=PROXY))
        return found.logs, str(found.cursor or place)

    async def _hear(self, entry: Any, dispatch: Dispatch) -> None:
        """Carry out one message of somebody else's, and answer it once at most."""
        message = getattr(entry, "message", None)
        text, sender = getattr(message, "text", None), getattr(message, "sender", None)
        is_new = getattr(entry, "py_type", "") == "chat.bsky.convo.defs#logCreateMessage"
        if not is_new or not text or sender is None or sender.did in self.account.own:
            return
        assert message is not None
        at = moment(str(message.sent_at)) or datetime.now(UTC)
        name = self.account.name
        space = Space(PLATFORM, self.homes.get(name, name), account=name)
        author, words = Member(PLATFORM, sender.did), text.replace("\0", "").strip()
        event = CommandCalled(f"chat/{entry.convo_id}/{message.id}", at, space, author, words)
        outcome = await dispatch(event)
        for answer in outcome.answers:
            try:
                await self._send(entry.convo_id, _words(answer))
            except Exception as error:  # noqa: BLE001 - answers are best effort
                log.warning("bluesky message unanswered", error=type(error).__name__)

    async def write(self, action: DirectMessage, delivery: Delivery) -> str:
        """Write to a member; a later attempt looks first for what an earlier one sent."""
        members = {"members": [action.member.id]}
        found = await self._do(
            lambda c: c.chat.bsky.convo.get_convo_for_members(members, headers=PROXY)
        )
        convo = str(found.convo.id)
        sent = await self._sent(convo, delivery.at) if delivery.attempt > 1 else {}
        return f"chat:{convo}/{await self._send(convo, _words(action), sent)}"

    async def _send(self, convo: str, text: str, sent: Mapping[str, str] | None = None) -> str:
        """Send words, in several messages where they are long; returns the first one's id."""
        first = ""
        for part in parts(text):
            identity = (sent or {}).get(part)
            if identity is None:
                data = {"convo_id": convo, "message": {"text": part}}
                made = await self._do(
                    lambda c, data=data: c.chat.bsky.convo.send_message(data, headers=PROXY)  # type: ignore[misc]
                )
                identity = str(made.id)
            first = first or identity
        return first

    async def _sent(self, convo: str, since: datetime) -> dict[str, str]:
        """What the account has said in a conversation since a moment: ids by words."""
        asked = {"convo_id": convo, "limit": RECENT}
        found = await self._do(lambda c: c.chat.bsky.convo.get_messages(asked, headers=PROXY))
        return {
            one.text: str(one.id)
            for one in found.messages
            if getattr(one, "text", None)
            and one.sender.did == self.account.did
            and (moment(str(one.sent_at)) or since) >= since - _SECOND
        }

    async def _do(self, work: Callable[[AsyncClient], Awaitable[R]]) -> R:
        """Ask Bluesky's chat; raises the kernel's answers.

        A password without access to messages looks like a lost session, and signing in anew would
        not help: that is left to the account's other requests.
        """
        try:
            return await work(await self.account.client())
        except AtProtocolError as error:
            if session_lost(error):
                raise NoAccess(_NO_ACCESS.format(self.account.name)) from error
            raise self._meaning(error) from error

    def _meaning(self, error: AtProtocolError) -> Exception:
        said = words_of(error).casefold()
        if "block between" in said:
            return Declined("a block stands between them and the account")
        for part, words in _CLOSED:
            if part in said:
                return Rejected(words)
        meant = meaning_of(error, self.account.name, self.account.seconds())
        return meant if isinstance(meant, Rejected | TryLater) else error


def _words(said: Answer | DirectMessage) -> str:
    """Words with what their buttons do, as there are none in messages."""
    return with_choices(said.text, said.buttons)


def parts(text: str) -> list[str]:
    """Cut words into messages, between lines or words where that can be. Pure."""
    return list(_cut(_LETTERS.findall(text.strip())))


def _cut(letters: list[str]) -> Iterator[str]:
    while letters:
        end = len(letters)
        if end > GRAPHEMES:
            window = letters[: GRAPHEMES + 1]
            end = next(
                (place for sign in ("\n", " ") if (place := _last(window, sign)) > GRAPHEMES // 2),
                GRAPHEMES,
            )
        part = "".join(letters[:end]).strip()
        if part:
            yield part
        letters = letters[end:]


def _last(letters: Sequence[str], sign: str) -> int:
    """Where a sign stands last; -1 where it is not."""
    return next((n for n in range(len(letters) - 1, -1, -1) if letters[n] == sign), -1)
