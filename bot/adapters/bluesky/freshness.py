"""Tell a stream that is stale, although its socket is open, by the age of what it brings. Pure."""

from __future__ import annotations


class Freshness:
    """Watch how far behind the present a stream is, in seconds.

    It is fresh while what it brings is younger than ``limit``, or comes ever closer to the
    present, as it does while the past is repeated.
    """

    def __init__(self, limit: float) -> None:
        self.limit = limit
        self._since = self._behind = 0.0

    def begin(self, now: float) -> None:
        """A stream was opened."""
        self._since, self._behind = now, float("inf")

    def heard(self, at: float, now: float) -> None:
        """Something that happened at ``at`` was brought."""
        behind = now - at
        if behind <= self.limit or behind < self._behind:
            self._since, self._behind = now, behind

    def excuse(self, now: float) -> None:
        """The delay was ours."""
        self._since = now

    def left(self, now: float) -> float:
        """Seconds until it is stale, unless something fresh comes; 0 when it is."""
        return max(0.0, self._since + self.limit - now)
