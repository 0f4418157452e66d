"""One account's records on its server: read, put under a key, delete; each safe to repeat."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from atproto import AsyncClient, models
from atproto.exceptions import BadRequestError
from atproto_client.models.utils import get_model_as_dict, get_response_model

from bot.adapters.bluesky.accounts import Account
from bot.adapters.bluesky.answers import name_of, words_of
from bot.adapters.bluesky.budget import DELETE, PUT
from bot.adapters.bluesky.records import FOLLOW, Mark, Strong, parts_of_uri, subject_record
from bot.domain.ports import Delivery, Gone, Rejected

_MISSING = frozenset({"RecordNotFound", "RepoNotFound", "NotFound"})
_MISSING_WORDS = ("could not locate record", "could not find repo", "unable to resolve handle")
"""What servers say of a record, account or handle that is not there, under a general name."""


@dataclass(frozen=True, slots=True)
class Found:
    """A record that stands."""

    strong: Strong
    record: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Repository:
    """What an account may do with records; raises the kernel's answers."""

    account: Account

    async def find(self, uri: str) -> Found | None:
        """A record of anybody's, as our server knows it; None when it is not there."""
        try:
            repo, collection, rkey = parts_of_uri(uri)
        except ValueError:
            return None
        return await self._get({"repo": repo, "collection": collection, "rkey": rkey})

    async def standing(self, uri: str) -> Found:
        """A record that an act is about, as it reads now; Gone when it is not there."""
        found = await self.find(uri)
        if found is None:
            raise Gone("the post is gone")
        return found

    async def own(self, collection: str, rkey: str) -> Found | None:
        """A record of the account's own; None when it is not there."""
        return await self._get({"repo": await self.did(), "collection": collection, "rkey": rkey})

    async def _get(self, where: dict[str, str]) -> Found | None:
        async def work(client: AsyncClient) -> Found | None:
            got = await client.com.atproto.repo.get_record(where)
            record = get_model_as_dict(got.value)
            return Found(Strong(str(got.uri), str(got.cid)), record)

        found: Found | None = await self._unless_missing(work)
        return found

    async def follows(self, place: str, limit: int) -> tuple[list[str], str]:
        """Whom the account follows, from a place on, and where the next begin; empty at the end."""
        where: dict[str, Any] = {"repo": await self.did(), "collection": FOLLOW, "limit": limit}

        async def work(client: AsyncClient) -> tuple[list[str], str]:
            asked = where | ({"cursor": place} if place else {})
            found = await client.com.atproto.repo.list_records(asked)
            records = [get_model_as_dict(one.value) for one in found.records]
            after = found.cursor if len(records) == limit else ""  # given at the end as well
            return [str(one.get("subject")) for one in records], after or ""

        return await self.account.call(work)

    async def put(self, collection: str, rkey: str, record: Mapping[str, Any]) -> Found:
        """Write a record: the same again changes nothing."""
        did = await self.did()

        async def work(client: AsyncClient) -> Found:
            data = {"repo": did, "collection": collection, "rkey": rkey, "record": record}
            put = await client.com.atproto.repo.put_record(data)
            return Found(Strong(str(put.uri), str(put.cid)), record)

        return await self.account.call(work, PUT)

    async def upload(self, data: bytes) -> dict[str, Any]:
        """Hand bytes in, for a record to keep; returns the name they go by, the same each time."""

        async def work(client: AsyncClient) -> dict[str, Any]:
            # The SDK's own upload_blob hands the bytes to httpx in a way that is going away.
            answer = await client.invoke_procedure(
                "com.atproto.repo.uploadBlob",
                content=data,
                input_encoding="*/*",
                output_encoding="application/json",
            )
            model = get_response_model(answer, models.ComAtprotoRepoUploadBlob.Response)
            return dict(get_model_as_dict(model.blob))

        return await self.account.call(work)

    async def delete(self, collection: str, rkey: str) -> None:
        """Remove a record of the account's own; one that is not there is no trouble."""
        did = await self.did()

        async def work(client: AsyncClient) -> None:
            where = {"repo": did, "collection": collection, "rkey": rkey}
            await client.com.atproto.repo.delete_record(where)

        await self.account.call(work, DELETE)

    async def did_of(self, handle: str) -> str | None:
        """The account that a handle leads to now; None when it leads nowhere."""

        async def work(client: AsyncClient) -> str | None:
            found = await client.com.atproto.identity.resolve_handle({"handle": handle})
            return str(found.did)

        did: str | None = await self._unless_missing(work)
        return did

    async def did(self) -> str:
        """The account's own DID."""
        await self.account.client()
        if self.account.did is None:
            raise Rejected(f"the Bluesky account {self.account.name} has no DID")
        return self.account.did

    async def handle(self) -> str:
        """The account's handle as its session knows it: by now it may have another."""
        await self.account.client()
        return self.account.handle

    async def _unless_missing(
        self, work: Callable[[AsyncClient], Awaitable[Found | str | None]]
    ) -> Any:
        """Do it; None when what it is about is not there."""

        async def looked(client: AsyncClient) -> Found | str | None:
            try:
                return await work(client)
            except BadRequestError as error:
                said = words_of(error).casefold()
                if name_of(error) in _MISSING or any(one in said for one in _MISSING_WORDS):
                    return None
                raise

        return await self.account.call(looked)


async def on_subject(repository: Repository, collection: str, post: str, delivery: Delivery) -> str:
    """Repost or like a post; a later attempt finds what an earlier one made."""
    mark = Mark(delivery.key, delivery.at)
    again = delivery.attempt > 1
    found = await repository.own(collection, mark.rkey()) if again else None
    if found is None:
        subject = await repository.standing(post)
        record = subject_record(collection, subject.strong, mark)
        found = await repository.put(collection, mark.rkey(), record)
    return found.strong.uri
