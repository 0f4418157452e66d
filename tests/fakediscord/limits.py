"""Rate limits: per bucket and for the whole bot, on real time, told in seconds as Discord does."""

from __future__ import annotations

import re
import time
from collections import deque
from dataclasses import dataclass
from hashlib import sha256

MAJOR = re.compile(r"^/(?:channels|guilds|webhooks)/(\w+)")
UNLIMITED = re.compile(r"^/(?:interactions|webhooks)/")
"""Answers to interactions are not counted towards the limit of the whole bot."""


@dataclass
class Bucket:
    """What is left of one route's limit, and until when."""

    left: int
    until: float


class Limits:
    """How often the bot may ask. ``per_bucket`` is (requests, seconds)."""

    def __init__(self) -> None:
        self.per_bucket = (50, 1.0)
        self.routes: dict[str, tuple[int, float]] = {}
        """Narrower ones by a pattern of ``METHOD /path``, tried in order."""
        self.overall = 50
        self.second = 1.0
        """How long the second lasts in which the bot may ask so often overall."""
        self.hits = 0
        self._buckets: dict[tuple[str, str], Bucket] = {}
        self._latest: deque[float] = deque()

    def exceeded_overall(self, path: str) -> float | None:
        """Count a request; return the seconds to wait when it is the 51st within one."""
        now = time.monotonic()
        while self._latest and now - self._latest[0] >= self.second:
            self._latest.popleft()
        if UNLIMITED.match(path):
            return None
        if len(self._latest) >= self.overall:
            self.hits += 1
            return self.second - (now - self._latest[0])
        self._latest.append(now)
        return None

    def take(self, method: str, route: str, path: str) -> tuple[dict[str, str], float | None]:
        """Count a request; return the headers and, for one too many, the seconds to wait."""
        count, seconds = self._limit(method, path)
        major = MAJOR.match(path)
        key = (f"{method} {route}", major[1] if major else "")
        now = time.monotonic()
        bucket = self._buckets.get(key)
        if not bucket or now >= bucket.until:
            bucket = self._buckets[key] = Bucket(count, now + seconds)
        exceeded = bucket.left <= 0
        bucket.left = max(0, bucket.left - 1)
        rest = max(0.0, bucket.until - now)
        self.hits += exceeded
        headers = {
            "X-RateLimit-Limit": str(count),
            "X-RateLimit-Remaining": str(bucket.left),
            "X-RateLimit-Reset": f"{time.time() + rest:.3f}",
            "X-RateLimit-Reset-After": f"{rest:.3f}",
            "X-RateLimit-Bucket": sha256(key[0].encode()).hexdigest()[:32],
        }
        return headers, max(rest, 0.001) if exceeded else None

    def _limit(self, method: str, path: str) -> tuple[int, float]:
        for pattern, limit in self.routes.items():
            if re.search(pattern, f"{method} {path}"):
                return limit
        return self.per_bucket
