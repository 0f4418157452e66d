"""Count honestly: shares with their uncertainty, exact rounding, and activity over time.

Only what every plugin and the audit share; who counts as a reply is decided where the posts are
read. Undefined is None, never 0 or NaN.
"""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from math import sqrt

DAY = 86_400
WEEK = 7 * DAY
DAILY_UP_TO = 31 * DAY  # a longer window is shown in weeks

_MONDAY = 4 * DAY  # 1970-01-05, the first Monday that Unix time knows
_BARS = "▁▂▃▄▅▆▇█"


def wilson(successes: float, n: float, z: float = 1.645) -> tuple[float, float] | None:
    """Give the Wilson score interval of a share; 90 % two-sided at z = 1.645.

    Wilson (1927), Journal of the American Statistical Association 22, 209-212.
    """
    if n == 0:
        return None
    share, spread = successes / n, z * z / n
    middle = share + spread / 2
    reach = z * sqrt(share * (1 - share) / n + spread / (4 * n))
    low, high = (middle - reach) / (1 + spread), (middle + reach) / (1 + spread)
    return (
        0.0 if successes == 0 else max(0.0, low),
        1.0 if successes == n else min(1.0, high),
    )


def half_up(numerator: int, denominator: int, digits: int) -> float | None:
    """Divide and round half up, exactly: 1 of 8 to two digits is 0.13. None over nothing."""
    if denominator == 0:
        return None
    scale: int = 10**digits
    rounded = (2 * numerator * scale + denominator) // (2 * denominator)
    return rounded / scale


def percentage(k: int, n: int) -> float | None:
    """Give k of n in per cent, half up to one decimal, as the sector audit prints it."""
    return half_up(100 * k, n, 1)


def activity(days: Mapping[int, int], start: int, end: int) -> list[int]:
    """Count posts per bin over a window: days up to 31 days, else ISO weeks from Monday, UTC.

    `days` maps midnights (seconds since 1970, UTC) to counts; `start` and `end` are the window's
    first and last instant, both inside it. Empty bins are kept; days outside count nowhere.
    """
    size, origin = (DAY, 0) if end - start <= DAILY_UP_TO else (WEEK, _MONDAY)
    first, last = (start - origin) // size, (end - origin) // size
    bins = [0] * (last - first + 1)
    for midnight, count in days.items():
        place = (midnight - origin) // size - first
        if 0 <= place < len(bins):
            bins[place] += count
    return bins


def sparkline(counts: Iterable[int]) -> str:
    """Draw counts as a row of bars; the tallest is the most, and nothing at all is a space."""
    heights = list(counts)
    most = max(heights, default=0)
    return "".join(_BARS[(count * 8 - 1) // most] if count else " " for count in heights)


def iso_utc(instant: int) -> str:
    """Write seconds since 1970 as ISO 8601 in UTC: 2020-05-20T19:43:26Z."""
    return datetime.fromtimestamp(instant, UTC).isoformat().replace("+00:00", "Z")
