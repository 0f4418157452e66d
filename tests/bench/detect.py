"""How well the weekly alarm tells a broken conversation: ``python -m tests.bench.detect``.

Runs the detector and, beside it, the rule of an earlier trial and a naive one (a week in which
under 10 % were replies), over communities made by the simulator in the shared folder
(``WEAVER_SHARED``, else beside the repository). Its rules were chosen on seeds 1 to 20; the figures
in plugins/pulse/README.md are of seeds 21 to 40. Needs numpy.
"""

from __future__ import annotations

import argparse
import importlib.util
import os
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from types import ModuleType
from typing import Any

from plugins.pulse.detector import course
from plugins.pulse.weeks import Week
from tests.bench.two_key import two_key

WARM_UP = 12
"""Weeks that count for no false alarm: nobody knows a normal yet."""
STRESSES: dict[str, dict[str, Any]] = {
    "as simulated": {},
    "no quiet weeks marked": {},
    "mild falls (to 45-65 % of normal)": {"p1": (0.45, 0.65)},
    "three-week events, unmarked": {"eventlen": 3},
    "four-week events, unmarked": {"eventlen": 4},
    "noisier weeks": {"conc": (6, 15), "ar": 0.35},
    "ramp of 52 weeks": {"ramp": 52},
}
Detector = Callable[[Sequence[Week]], list[bool]]


def weekly_alarm(weeks: Sequence[Week]) -> list[bool]:
    """The weeks that end in the weekly alarm."""
    return [standing.alarm is not None for standing in course(weeks)]


def naive(weeks: Sequence[Week]) -> list[bool]:
    """The rule that first comes to mind."""
    return [week.posts > 0 and week.replies < 0.1 * week.posts for week in weeks]


RULES: dict[str, Detector] = {
    "weekly alarm": weekly_alarm,
    "earlier trial": two_key,
    "below 10 %": naive,
}


@dataclass
class Score:
    """What a detector did with the communities of one trial."""

    years: Counter[str] = field(default_factory=Counter)
    false: Counter[str] = field(default_factory=Counter)
    all: Counter[str] = field(default_factory=Counter)
    delays: defaultdict[str, list[int]] = field(default_factory=lambda: defaultdict(list))

    def add(self, alarm: Sequence[bool], truth: dict[str, Any]) -> None:
        """Judge one community: onsets while nothing had changed are false."""
        kind, length = truth["type"], len(alarm)
        onsets = [t for t, on in enumerate(alarm) if on and (t == 0 or not alarm[t - 1])]
        back = truth["recover_week"] or length
        if not truth["should_alarm"]:
            change = length
        else:
            change = truth["change_week"] or 0
            self.all[kind] += 1
            caught = [t for t in onsets if change <= t < back]
            if change and alarm[change - 1]:
                caught = [change]
            if caught:
                self.delays[kind].append(caught[0] - change)
        self.years[kind] += (max(0, change - WARM_UP) + length - back) / 52
        self.false[kind] += sum(WARM_UP <= t < change or t >= back + 2 for t in onsets)

    def told(self) -> str:
        """One line for the table."""

        def rate(kinds: Sequence[str]) -> str:
            years = sum(self.years[kind] for kind in kinds)
            return f"{sum(self.false[kind] for kind in kinds) / years:.4f}"

        parts = [rate(list(self.years)), rate(["tiny"]), rate(["eventy"])]
        for kind in ("always_broadcast", "sudden", "gradual"):
            delays = sorted(self.delays[kind])
            last = delays[round(0.9 * (len(delays) - 1))] if delays else "-"
            parts.append(f"{len(delays)}/{self.all[kind]}, {last}")
        return " | ".join(parts)


def simulator() -> ModuleType:
    """Load the simulator, or say where it is looked for."""
    beside = Path(__file__).parents[3] / "shared"
    path = Path(os.environ.get("WEAVER_SHARED", beside)) / "tools" / "simulate_communities.py"
    if not path.is_file():
        sys.exit(f"{path}: there is no simulator; set WEAVER_SHARED to the folder of tools/")
    spec = importlib.util.spec_from_file_location("simulate_communities", path)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def communities(
    made: ModuleType, seeds: Sequence[int], stress: dict[str, Any], *, marked: bool
) -> Iterator[tuple[list[Week], dict[str, Any]]]:
    """Each community's weeks, its holidays marked quiet if wished, and the truth about it."""
    made.STRESS.clear()
    made.STRESS.update(stress)
    for seed in seeds:
        counts, truth = made.generate(seed)
        for name, rows in counts.items():
            weeks = []
            for row in rows:
                monday = date.fromisoformat(row[1])
                quiet = marked and monday.isocalendar().week in made.HOLI
                weeks.append(Week(monday, row[2], row[3], quiet=quiet))
            yield weeks, truth[name]


def main() -> None:
    """Print one table; every figure is of the seeds asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", default="21-40", help="such as 21-40; the stresses take 1 in 4")
    first, _, last = parser.parse_args().seeds.partition("-")
    seeds = range(int(first), int(last or first) + 1)
    made = simulator()
    print(f"seeds {first}-{last or first}; false alarms a community-year; found, weeks at p90")
    print("trial | rule | all | tiny | event-heavy | always broadcast | sudden | gradual")
    for trial, stress in STRESSES.items():
        scores = {rule: Score() for rule in RULES}
        chosen = seeds[::4] if stress else seeds
        for weeks, truth in communities(made, chosen, stress, marked=not trial.startswith("no ")):
            for rule, detector in RULES.items():
                scores[rule].add(detector(weeks), truth)
        for rule, score in scores.items():
            print(f"{trial} | {rule} | {score.told()}", flush=True)


if __name__ == "__main__":
    main()
