"""Moments of the month in which these tests take place; a Monday noon in it is their start."""

from datetime import UTC, datetime, timedelta

DAY, WEEK = timedelta(days=1), timedelta(days=7)
WEEKLY = (
    'chats schedule "Tuesdays 7:30 pm" "Wrong answers worth keeping" '
    "What did you try? / What came of it? / What next?"
)


def march(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 3, day, hour, minute, tzinfo=UTC)


def begins(said: list[str], beginnings: list[str]) -> bool:
    """Whether so many things were said, and each begins as it should."""
    return len(said) == len(beginnings) and all(map(str.startswith, said, beginnings))
