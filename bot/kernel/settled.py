"""How one attempt at an act ended, and how long to wait before the next."""

from __future__ import annotations

import random
from dataclasses import dataclass

LONGEST = 300.0


@dataclass(frozen=True, slots=True)
class Settled:
    """How one attempt ended."""

    state: str
    receipt: str | None = None
    error: str | None = None
    after: float | None = None
    """Seconds until the next try."""
    rest: float | None = None
    """Seconds for which the platform wants nothing from this account."""


def doubling(attempt: int) -> float:
    """Seconds before the next try: 2^n up to 300, with jitter."""
    return random.uniform(0.5, 1.0) * min(LONGEST, 2.0**attempt)  # noqa: S311 - only spreads load
