"""Measure `weaver audit` of a million rows against pandas, which reads and counts the same file.

Both run as processes of their own, in turns; what is compared is the best of each: processor time
and the most memory. Figures must agree, or nothing is printed. Run: make bench-audit
"""

import csv
import json
import os
import random
import subprocess
import sys
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

ROWS, TURNS, SEED = 1_000_000, 3, 11
MOST_TIME, MOST_MEMORY = 1.5, 0.25
"""What is aimed at, as ratios to pandas."""

PANDAS = """
import json, sys
import pandas as pd
rows = pd.read_csv(sys.argv[1], dtype=str, keep_default_na=False).drop_duplicates("id_str")
at = pd.to_datetime(rows["created_at"], format="%a %b %d %H:%M:%S %z %Y", utc=True)
is_repost = rows["is_retweet"] == "True"
is_reply = (rows["in_reply_to_status_id_str"] != "") & ~is_repost
weeks = at.dt.floor("D").value_counts().sort_index().resample("W-SUN").sum()
print(json.dumps({
    "posts": len(rows),
    "accounts": rows["from_user"].str.lower().nunique(),
    "replies": int(is_reply.sum()),
    "reposts": int(is_repost.sum()),
    "first_post": at.min().strftime("%Y-%m-%dT%H:%M:%SZ"),
    "last_post": at.max().strftime("%Y-%m-%dT%H:%M:%SZ"),
    "activity": weeks.tolist(),
}))
"""


class Cost(NamedTuple):
    """What a process took."""

    seconds: float
    megabytes: float


def write(path: Path, rows: int) -> None:
    """Write a sheet as TAGS saves it: two years, 60,000 people, one row in fifty repeated."""
    chance = random.Random(SEED)
    start = datetime(2023, 1, 2, tzinfo=UTC)
    words = ("how do you begin a lesson", "when half the group", "has not met", "since last week")
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        names = ["id_str", "from_user", "text", "created_at", "from_user_id_str"]
        writer.writerow([*names, "in_reply_to_status_id_str", "is_retweet"])
        for number in range(rows):
            at = start + timedelta(seconds=number * 63 + chance.randrange(60))
            who = int(chance.paretovariate(0.4)) % 60_000
            kind = chance.random()
            text = " ".join(chance.choices(words, k=5)) + (",\nand so on" if kind > 0.9 else "")
            key = 10**18 + (number - (number % 50 == 49)) * 7_919
            date = f"{at:%a %b %d %H:%M:%S +0000 %Y}"
            answered = str(10**18 + chance.randrange(10**9)) if kind < 0.4 else ""
            repost = "True" if kind > 0.8 else "False"
            writer.writerow([key, f"Person{who}", text, date, who + 10**6, answered, repost])


def run(arguments: list[str]) -> tuple[dict[str, Any], Cost]:
    """Run a process to its end; what it printed, and what it took."""
    with tempfile.TemporaryFile() as out:
        process = subprocess.Popen(arguments, stdout=out, stderr=subprocess.DEVNULL)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            raise SystemExit(f"{arguments[0]} failed with {process.returncode}")
        out.seek(0)
        printed = json.load(out)
    found = printed[0] if isinstance(printed, list) else printed
    cost = Cost(usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)
    return found, cost


def main() -> None:
    """Write the sheet, run both, and print what they took."""
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else ROWS
    weaver = str(Path(sys.executable).with_name("weaver"))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "sheet.csv"
        write(path, rows)
        ours, theirs = [], []
        for _ in range(TURNS):
            found, cost = run([weaver, "audit", str(path), "--format", "json"])
            ours.append(cost)
            expected, cost = run([sys.executable, "-c", PANDAS, str(path)])
            theirs.append(cost)
            differing = {name for name in expected if expected[name] != found[name]}
            if differing:
                raise SystemExit(f"the two do not agree on {', '.join(sorted(differing))}")
        size = path.stat().st_size / 1e6
    best, other = (Cost(*map(min, zip(*costs, strict=True))) for costs in (ours, theirs))
    print(f"{rows:,} rows, {size:.0f} MB; processor time and most memory, best of {TURNS}:")
    print(f"  weaver audit  {best.seconds:6.2f} s  {best.megabytes:6.0f} MB")
    print(f"  pandas        {other.seconds:6.2f} s  {other.megabytes:6.0f} MB")
    time, memory = best.seconds / other.seconds, best.megabytes / other.megabytes
    print(f"  ratios        {time:6.2f}    {memory:6.2f}")
    print(f"  aimed at      {MOST_TIME:6.2f}    {MOST_MEMORY:6.2f}")


if __name__ == "__main__":
    main()
