"""Bluesky as one of Weaver's platforms. It translates both ways and decides nothing."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterable, Mapping, Sequence

import httpx
import structlog
from atproto.exceptions import AtProtocolError

from bot.adapters.bluesky.accounts import Account
from bot.adapters.bluesky.health import Health, examine
from bot.adapters.bluesky.matcher import Matcher
from bot.adapters.bluesky.records import (
    COLLECTIONS,
    LIKE,
    MOST_POSTS,
    POST,
    REPOST,
    Mark,
    Thread,
    missing_tag,
    parts_of_uri,
    post_record,
    subject_record,
    thread_of,
)
from bot.adapters.bluesky.repository import Found, Repository
from bot.adapters.bluesky.settings import PLATFORM, SPEAKER, Bluesky
from bot.adapters.bluesky.stream import SERVERS, Stream, caught_up
from bot.adapters.bluesky.words import GRAPHEMES, Words, posts
from bot.domain.actions import (
    Action,
    GiveRole,
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
from bot.domain.model import Space
from bot.domain.ports import AdapterState, Delivery, Dispatch, Gone, Rejected, TryLater

log = structlog.get_logger()
Logged = tuple[str, str, bool]


class BlueskyAdapter:
    """Write what Weaver decides as records of its accounts, each under a key made of the act."""

    platform = PLATFORM
    max_length = GRAPHEMES

    def __init__(
        self,
        bluesky: Bluesky,
        state: AdapterState,
        languages: Mapping[str, str] | None = None,
        *,
        logged: Callable[[], Iterable[Logged]] = tuple,
        seconds: Callable[[], float] = time.time,
    ) -> None:
        """``languages`` says what is spoken in each space, by its id; ``seconds`` is real time.

        ``logged`` gives the posts that are known: their space, id, and if they carry its tag.
        """
        self._state, self._languages, self._logged = state, languages or {}, logged
        self._servers, self._seconds = bluesky.settings.jetstream, seconds
        self.own: dict[str, str] = {}
        """The accounts' names by their DIDs, as far as those are known by now."""
        service = bluesky.settings.service.rstrip("/")
        self.accounts = {
            name: Account(
                name, one.id, bluesky.passwords.get(name), service, state, seconds, self.own
            )
            for name, one in bluesky.settings.accounts.items()
        }

    async def close(self) -> None:
        """Let go of every connection."""
        for account in self.accounts.values():
            await account.close()

    async def examine(self, *, mend: bool = False) -> Sequence[Health]:
        """Look at every account on its server; ``mend`` sets the label ``bot`` where it lacks."""
        looks = (examine(account, mend=mend) for account in self.accounts.values())
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
        await Stream(matcher, servers, self.own, seconds=self._seconds).listen(dispatch, begin)

    async def _known(self, account: Account) -> None:
        """Have an account's DID among our own, so that nobody takes its posts for a person's."""
        try:
            await account.client()
        except (TryLater, AtProtocolError, httpx.HTTPError) as problem:
            log.warning("bluesky account waits", account=account.name, why=str(problem))

    async def perform(self, action: Action, delivery: Delivery) -> str:
        """Carry out one act and return the address of what it made: of a thread, its first post."""
        repository = self._repository(action, delivery)
        if isinstance(action, Undo):
            return await self._undo(repository, action, delivery)
        if await self._state.get(_gone(delivery.key)):
            raise Rejected("it was taken back before it arrived")
        match action:
            case SendPost(space=space, text=text):
                return await self._say(repository, space, text, delivery, None)
            case Reply(space=space, to=to, text=text):
                above = delivery.target if isinstance(to, Ref) else to
                return await self._say(repository, space, text, delivery, above or "")
            case OpenThread(space=space, of=None, text=text):
                words = "\n\n".join(part for part in (action.title, text) if part)
                return await self._say(repository, space, words, delivery, None)
            case OpenThread(of=of):  # every post of Bluesky is a thread
                above = delivery.target if isinstance(of, Ref) else of
                return (await _standing(repository, above or "")).strong.uri
            case Repost(post_id=post):
                return await _on_subject(repository, REPOST, post, delivery)
            case React(post=about):
                post = (delivery.target if isinstance(about, Ref) else about) or ""
                return await _on_subject(repository, LIKE, post, delivery)
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

    async def _say(
        self, repository: Repository, space: Space, text: str, delivery: Delivery, above: str | None
    ) -> str:
        """Post words, as a thread where one post does not hold them.

        A later attempt takes up what an earlier one left, even if the post it answers is gone.
        """
        said, mark = posts(text), Mark(delivery.key, delivery.at)
        if not said or len(said) > MOST_POSTS:
            raise Rejected(
                f"its words would take {len(said)} posts, more than {MOST_POSTS}"
                if said
                else "it has no words"
            )
        dids = await self._dids(repository, said)
        tags = missing_tag(space.id, said) if above is None else ()
        thread: Thread | None = None
        first = ""
        for part, words in enumerate(said):
            again = delivery.attempt > 1
            found = await repository.own(POST, mark.rkey(part)) if again else None
            if found is None:
                if above is not None and part == 0:
                    standing = await _standing(repository, above)
                    thread = thread_of(standing.strong, standing.record)
                record = post_record(
                    words,
                    mark,
                    part,
                    thread=thread,
                    dids=dids,
                    language=self._languages.get(space.id),
                    tags=tags if part == 0 else (),
                )
                found = await repository.put(POST, mark.rkey(part), record)
            first = first or found.strong.uri
            thread = thread_of(found.strong, found.record)
        return first

    async def _dids(self, repository: Repository, said: Sequence[Words]) -> dict[str, str]:
        """Whom the mentions mean; a handle that leads nowhere stays plain text."""
        handles = {s.value for words in said for s in words.spans if s.kind == "mention"}
        found = {handle: await repository.did_of(handle) for handle in sorted(handles)}
        return {handle: did for handle, did in found.items() if did}

    async def _undo(self, repository: Repository, action: Undo, delivery: Delivery) -> str:
        """Remove whatever an act made, known by its receipt or by its key, and let it never be."""
        await self._state.keep(_gone(action.of), "1")
        collection = COLLECTIONS.get(delivery.target_kind or "")
        if delivery.target and not _only_opened(action, delivery):
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
        return ""


async def _on_subject(
    repository: Repository, collection: str, post: str, delivery: Delivery
) -> str:
    """Repost or like a post; a later attempt finds what an earlier one made."""
    mark = Mark(delivery.key, delivery.at)
    again = delivery.attempt > 1
    found = await repository.own(collection, mark.rkey()) if again else None
    if found is None:
        subject = await _standing(repository, post)
        record = subject_record(collection, subject.strong, mark)
        found = await repository.put(collection, mark.rkey(), record)
    return found.strong.uri


def _only_opened(action: Undo, delivery: Delivery) -> bool:
    """Whether the act to take back opened a thread from a post that stood before, and made none."""
    if delivery.target_kind != "OpenThread" or not delivery.target or delivery.target_at is None:
        return False
    made = Mark(action.of, delivery.target_at).rkey()
    return parts_of_uri(delivery.target)[2] != made


async def _standing(repository: Repository, uri: str) -> Found:
    """A post that an act is about, as it reads now."""
    found = await repository.find(uri)
    if found is None:
        raise Gone("the post is gone")
    return found


def _gone(key: str) -> str:
    """Under which name it is remembered that an act was taken back."""
    return f"gone:{key}"
