"""What goes wrong on request: before a request is served, after it, or with the line itself."""

from __future__ import annotations

import re
from dataclasses import dataclass

BUSY, BEFORE, AFTER = "429", "502 before", "502 after commit"
CUT, SLOW, LOST = "cut after commit", "slow", "lost"
KINDS = (BUSY, BEFORE, AFTER, CUT, SLOW, LOST)
"""``slow`` answers late what is done at once; ``lost`` cuts the line later, with nothing done."""
WRITES = frozenset({"POST", "PUT", "PATCH", "DELETE"})


@dataclass
class Fault:
    """One thing that goes wrong ``times`` times, after the first ``skip`` requests it fits."""

    kind: str
    method: str | None
    path: str
    times: int = 1
    skip: int = 0
    seconds: float = 0.05
    """For 429 what the client is asked to wait; for slow and lost how long it takes."""
    status: int = 502
    is_global: bool = False
    struck: int = 0

    def fits(self, method: str, path: str) -> bool:
        """Tell whether this request is one that it is for."""
        known = method in WRITES if self.method is None else method == self.method
        return known and re.search(self.path, path) is not None


class Faults:
    """What a test has asked to go wrong."""

    def __init__(self) -> None:
        self._waiting: list[Fault] = []

    def add(
        self, kind: str, path: str = "", method: str | None = None, **more: float | bool
    ) -> Fault:
        """Let something go wrong: ``add(AFTER, "/messages$")``; no method means every write."""
        fault = Fault(kind, method, path, **more)  # type: ignore[arg-type]
        self._waiting.append(fault)
        return fault

    def clear(self) -> None:
        """Let everything go well from now on."""
        self._waiting.clear()

    def next(self, method: str, path: str) -> Fault | None:
        """Find what goes wrong with this request, and count it."""
        for fault in self._waiting:
            if fault.struck < fault.times and fault.fits(method, path):
                if fault.skip:
                    fault.skip -= 1
                    return None
                fault.struck += 1
                return fault
        return None
