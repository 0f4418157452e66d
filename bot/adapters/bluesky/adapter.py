"""Bluesky as one of Weaver's platforms. It translates both ways and decides nothing."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import datetime

import httpx
import structlog
from atproto.exceptions import AtProtocolError

from bot.adapters.bluesky.accounts import Account
from bot.adapters.bluesky.answering import Answering
from bot.adapters.bluesky.appview import AppView, View
from bot.adapters.bluesky.asking import Asking
from bot.adapters.bluesky.chat import Chat
from bot.adapters.bluesky.feeds import is_listed, listed, offer
from bot.adapters.bluesky.following import Following
from bot.adapters.bluesky.health import Health, examine
from bot.adapters.bluesky.matcher import Matcher
from bot.adapters.bluesky.newcomers import Newcomers
from bot.adapters.bluesky.parting import Parting, Standing
from bot.adapters.bluesky.records import (
    COLLECTIONS,
    GENERATOR,
    LIKE,
    MOST_POSTS,
    POST,
    REPOST,
    Mark,
    card_of,
    only_opened,
    parts_of_uri,
)
from bot.adapters.bluesky.recovery import Recovered, Recovery
from bot.adapters.bluesky.repository import Repository, on_subject
from bot.adapters.bluesky.settings import PLATFORM, SPEAKER, Bluesky
from bot.adapters.bluesky.speech import Speech
from bot.adapters.bluesky.stream import SERVERS, Stream, caught_up
from bot.adapters.bluesky.talk import Talk
from bot.adapters.bluesky.words import GRAPHEMES
from bot.domain.actions import (
    Action,
    DirectMessage,
    GiveRole,
    OfferFeed,
    OpenThread,
    React,
    Ref,
    Reply,
    Repost,
    ScheduleEvent,
    SendPost,
    TakeRole,
    Undo,
)
from bot.domain.model import Member, Space
from bot.domain.ports import AdapterState, Declined, Delivery, Dispatch, Gone, Rejected, TryLater

log = structlog.get_logger()
Logged = tuple[str, str, bool]


class BlueskyAdapter:
    """Write what Weaver decides as records of its accounts, each under a key made of the act."""

    platform = PLATFORM
    max_length = GRAPHEMES
    has_feeds = True

    def __init__(  # noqa: PLR0913 - the ports it works between
        self,
        bluesky: Bluesky,
        state: AdapterState,
        languages: Mapping[str, str] | None = None,
        *,
        logged: Callable[[], Iterable[Logged]] = tuple,
        standing: Standing = tuple,
        stopped: Callable[[], Collection[str]] = tuple,
        quiet: Callable[[str], bool] = lambda _: False,
        seconds: Callable[[], float] = time.time,
        view: View | None = None,
    ) -> None:
        """``languages`` says what is spoken in each space, by its id; ``seconds`` is real time.

        ``logged`` gives the posts that are known: their space, id, and if they carry its tag.
        ``standing`` gives the reposts that stand: the account's name and the post.
        ``stopped`` gives the DIDs of those who asked Weaver to stop, and ``quiet`` says of an
        account's name whether it does nothing for now.
        ``view`` is who says what people want; the network's AppView, where none is given.
        """
        self._state, self._languages, self._logged = state, languages or {}, logged
        self._data, self._likes = bluesky.data, bluesky.settings.likes
        self._address = bluesky.address
        self._servers, self._seconds = bluesky.settings.jetstream, seconds
        self.own: dict[str, str] = {}
        """The accounts' names by their DIDs, as far as those are known by now."""
        view = view or AppView()
        self.asking = Asking(view, self.own, seconds)
        service = bluesky.settings.service.rstrip("/")
        self.accounts = {
            name: Account(
                name, one.id, bluesky.passwords.get(name), service, state, seconds, self.own
            )
            for name, one in bluesky.settings.accounts.items()
        }
        self.talk: Talk | None = None
        """What counts as a command, before it listens; without it nothing does."""
        self.answering = Answering(self._answer)
        self.parting = Parting(view, self.accounts, standing, seconds)
        those = bluesky.settings.accounts.items()
        back = [self.accounts[name] for name, one in those if one.follow_back]
        self.following = Following(view, back, self.own, state, stopped, quiet, seconds)
        met = [self.accounts[name] for name, one in those if one.followers_arrive]
        self.newcomers = Newcomers(met, self.own, state, stopped, seconds)

    async def close(self) -> None:
        """Let go of every connection."""
        for account in self.accounts.values():
            await account.close()

    async def examine(self, *, mend: bool = False, contact: str = "") -> Sequence[Health]:
        """Look at every account on its server; ``mend`` sets what its profile lacks."""
        looks = (examine(one, mend=mend, contact=contact) for one in self.accounts.values())
        return await asyncio.gather(*looks)

    async def listen(self, dispatch: Dispatch, cursor: str | None) -> None:
        """Dispatch what happens in the hashtags from ``cursor`` on, until cancelled.

        Accounts that cannot sign in now are told of in the log, and do not keep it from listening.
        """
        begin = cursor or str(int(self._seconds() * 1_000_000))
        if cursor is None:  # kept at once: who is killed now goes on from here
            await dispatch(caught_up(int(begin)), begin)
        await asyncio.gather(*(self._known(account) for account in self.accounts.values()))
        matcher = Matcher(space for space in self._languages if space.startswith("#"))
        matcher.recollect(self._logged())
        servers = self._servers or SERVERS
        stream = Stream(
            matcher,
            servers,
            self.own,
            seconds=self._seconds,
            talk=self.talk,
            recover=self._recover,
            with_likes=self._likes,
        )
        chats = [self._chat(account).listen(dispatch) for account in self.accounts.values()]
        heard = stream.listen(self.answering.through(dispatch), begin)
        homes = self.talk.homes if self.talk else {}
        chats.append(self.newcomers.watch(dispatch, homes))
        await asyncio.gather(heard, self.parting.watch(dispatch), self.following.watch(), *chats)

    async def _recover(self, since: datetime, until: datetime) -> Recovered | None:
        """Ask for what happened in a gap, as the first account that can sign in."""
        hashtags = [space for space in self._languages if space.startswith("#")]
        for account in self.accounts.values():
            if await self._known(account):
                recovery = Recovery(account)
                return await recovery.between(since, until, hashtags, self._logged())
        return None

    async def _known(self, account: Account) -> bool:
        """Have an account's DID among our own, so that nobody takes its posts for a person's."""
        try:
            await account.client()
        except (TryLater, AtProtocolError, httpx.HTTPError) as problem:
            log.warning("bluesky account waits", account=account.name, why=str(problem))
            return False
        return True

    def address(self, space: Space, post_id: str) -> str:
        """Where a post, or a feed, can be read in Bluesky's own app."""
        try:
            did, collection, rkey = parts_of_uri(post_id)
        except ValueError:
            return ""
        kind = "feed" if collection == GENERATOR else "post"
        return f"https://bsky.app/profile/{did}/{kind}/{rkey}"

    async def is_for_everybody(self, member: Member) -> bool:
        """Whether somebody has not asked to be shown to people who are signed in alone."""
        for account in self.accounts.values():
            if await self._known(account):
                try:
                    return await self.asking.is_for_everybody(account, member.id)
                except (TryLater, AtProtocolError, httpx.HTTPError):
                    return False
        return False

    async def vouch(self, action: Repost, delivery: Delivery) -> str:
        """The address of a post, unless its author wants no link to it where others can read."""
        name = action.origin.account or SPEAKER
        account = self.accounts.get(name) or next(iter(self.accounts.values()))
        await Repository(account).standing(action.post_id)
        await self.asking.allow(action, delivery, account)
        if not await self.asking.is_for_everybody(account, parts_of_uri(action.post_id)[0]):
            raise Declined("its author asks to be shown to people on Bluesky alone")
        return self.address(action.origin, action.post_id)

    async def perform(self, action: Action, delivery: Delivery) -> str:
        """Carry out one act and return the address of what it made: of a thread, its first post."""
        repository = self._repository(action, delivery)
        if isinstance(action, Undo):
            return await self._undo(repository, action, delivery)
        if await self._state.get(_gone(delivery.key)):
            raise Rejected("it was taken back before it arrived")
        await self.asking.allow(action, delivery, repository.account)
        return await self._do(repository, action, delivery)

    def _chat(self, account: Account) -> Chat:
        """The messages of an account; what is said there belongs to its home."""
        return Chat(account, self._state, self.talk.homes if self.talk else {})

    async def _answer(self, action: Reply | DirectMessage, delivery: Delivery) -> str:
        """Say what somebody asked for: their asking is all that it rests on."""
        return await self._do(self._repository(action, delivery), action, delivery)

    async def _do(self, repository: Repository, action: Action, delivery: Delivery) -> str:
        """Write what an act makes."""
        speech = Speech(repository, self._languages, self._data)
        match action:
            case SendPost() | Reply():
                return await speech.say(action, delivery)
            case OpenThread(space=space, of=None, text=text):
                words = "\n\n".join(part for part in (action.title, text) if part)
                return await speech.say(
                    SendPost(action.key, space, words, why=action.why), delivery
                )
            case OpenThread(of=of):  # every post of Bluesky is a thread
                above = delivery.target if isinstance(of, Ref) else of
                return (await repository.standing(above or "")).strong.uri
            case OfferFeed():
                return await offer(repository, action, delivery, self._address)
            case Repost():
                return await _pass_on(repository, speech, action, delivery)
            case React(post=about):
                post = (delivery.target if isinstance(about, Ref) else about) or ""
                return await on_subject(repository, LIKE, post, delivery)
            case DirectMessage():
                return await self._chat(repository.account).write(action, delivery)
            case ScheduleEvent() | GiveRole() | TakeRole():
                raise Gone("Bluesky has no calendar and no roles")
        raise Rejected(f"Bluesky has no place for {type(action).__name__} yet")

    def _repository(self, action: Action, delivery: Delivery) -> Repository:
        """The records of the account that acts: an audience passes on itself."""
        name = delivery.account.partition(":")[2]
        if isinstance(action, Repost):
            name = action.audience.id
        elif isinstance(action, SendPost) and not action.space.id.startswith("#"):
            name = action.space.id
        account = self.accounts.get(name or SPEAKER)
        if account is None:
            raise Rejected(f"there is no Bluesky account {name!r} in the settings")
        return Repository(account)

    async def _undo(self, repository: Repository, action: Undo, delivery: Delivery) -> str:
        """Remove whatever an act made, known by its receipt or by its key, and let it never be."""
        await self._state.keep(_gone(action.of), "1")
        if delivery.target_kind == DirectMessage.__name__:
            raise Rejected("Bluesky takes no message back once it is sent")
        if is_listed(delivery.target):
            return ""
        collection = COLLECTIONS.get(delivery.target_kind or "")
        if delivery.target and not only_opened(action, delivery):
            _, collection, rkey = parts_of_uri(delivery.target)
            await repository.delete(collection, rkey)
        if collection is None or delivery.target_at is None:
            return ""
        mark = Mark(action.of, delivery.target_at)
        made = 1
        if collection == POST:
            while made < MOST_POSTS and await repository.own(POST, mark.rkey(made)):
                made += 1
        for part in reversed(range(made)):
            if part or not delivery.target:
                await repository.delete(collection, mark.rkey(part))
        if collection == REPOST and not delivery.target:  # it may have been a link card
            await repository.delete(POST, mark.rkey())
        return ""


async def _pass_on(
    repository: Repository, speech: Speech, action: Repost, delivery: Delivery
) -> str:
    """Repost a post, link to one of another platform, or let it stand in a feed alone."""
    if action.quietly:
        return listed((await repository.standing(action.post_id)).strong.uri)
    if action.is_card:
        said = SendPost(action.key, action.audience, action.words, why=action.why)
        return await speech.say(said, delivery, card_of(action.link, action.card))
    return await on_subject(repository, REPOST, action.post_id, delivery)


def _gone(key: str) -> str:
    """Under which name it is remembered that an act was taken back."""
    return f"gone:{key}"
