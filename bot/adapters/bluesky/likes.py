"""Count likes of tracked posts, where the operator wants that: how many, and never whose."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import UTC, datetime

from bot.adapters.bluesky.jetstream import Change, aware
from bot.adapters.bluesky.settings import PLATFORM
from bot.domain.events import PostLiked
from bot.domain.model import Space

ROOM = 100_000
"""Likes that are remembered, by a number alone, so that they can be taken back."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Likes:
    """Turn likes into counts. Which post a like was for is forgotten when Weaver stops.

    Bluesky does not say what a like that is taken back was for. So one that was given before this
    start stays in the count.
    """

    def __init__(self, tracked: Mapping[int, tuple[str, ...]]) -> None:
        """``tracked`` gives the spaces of posts, by the hash of their address."""
        self._tracked = tracked
        self._of: dict[int, str] = {}

    def heard(self, change: Change) -> tuple[PostLiked, ...]:
        """What a like, or one that is taken back, adds to the count of a post in its spaces."""
        given, mark = change.operation == "create", hash(change.uri)
        subject = change.record.subject if change.record else None
        post = subject.uri if subject and given else self._of.pop(mark, "")
        spaces = self._tracked.get(hash(post), ())
        if not spaces or change.operation == "update":
            return ()
        if given:
            self._remember(mark, post)
        at = aware(change.time_us) or _EPOCH
        return tuple(
            PostLiked(_hidden(change, space), at, Space(PLATFORM, space), post, given)
            for space in spaces
        )

    def _remember(self, mark: int, post: str) -> None:
        self._of[mark] = post
        if len(self._of) > ROOM:
            del self._of[next(iter(self._of))]


def _hidden(change: Change, space: str) -> str:
    """An id that is the same at every replay, and does not say who it was."""
    what = f"{change.uri}/{change.rev}/{change.operation}/{space}"
    return f"like/{hashlib.sha256(what.encode()).hexdigest()[:32]}"
