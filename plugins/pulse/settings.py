"""What hosts may set for pulse."""

from __future__ import annotations

from datetime import date, time, timedelta
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict


def closure(text: str) -> tuple[date, date]:
    """Read the first and last day of ``2026-12-19/2027-01-04``, or of the one day given."""
    first, _, last = text.partition("/")
    try:
        days = date.fromisoformat(first), date.fromisoformat(last or first)
    except ValueError:
        raise ValueError(
            f"{text!r} is no closure: write 2026-05-25, or 2026-12-19/2027-01-04"
        ) from None
    if days[0] > days[1]:
        raise ValueError(f"{text!r} ends before it begins: swap its days")
    return days


def _checked(text: str) -> str:
    closure(text)
    return text


Mode = Literal["conversation", "announcements", "resources"]
Day = Literal["mo", "tu", "we", "th", "fr", "sa", "su", "off"]


def _time(text: str) -> str:
    try:
        time.fromisoformat(text)
    except ValueError:
        raise ValueError(f"{text!r} is no time of day: write it like 09:00") from None
    return text


class Settings(BaseModel):
    """What hosts may set under ``[community.<id>.pulse]``."""

    model_config = ConfigDict(extra="forbid")

    mode: Mode = "conversation"
    """What the community is meant to be; only a conversation is ever called a broadcast."""
    closures: list[Annotated[str, AfterValidator(_checked)]] = []
    """Holidays and events, such as ``2026-12-19/2027-01-04``: a week they touch is quiet."""

    inferred: list[str] = []
    """Spaces (names or ids) where people answer without links: answers are inferred from turns."""
    weekly: Day = "mo"
    """The day of the weekly note to hosts; ``off`` for none."""
    weekly_at: Annotated[str, AfterValidator(_time)] = "09:00"
    """Its time, in the community's zone."""

    def is_quiet(self, monday: date) -> bool:
        """Whether a closure touches the week."""
        sunday = monday + timedelta(days=6)
        spans = map(closure, self.closures)
        return any(first <= sunday and last >= monday for first, last in spans)
