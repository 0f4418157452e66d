"""What hosts may set for amplify, each with what it means."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import time
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from plugins.amplify.logic import Asks, Rules
from plugins.amplify.pace import Pace
from plugins.amplify.tags import bare, is_tag, tag_key

_HOURS = re.compile(r"(\d\d):(\d\d)-(\d\d):(\d\d)")


def _checked(tag: str) -> str:
    if not is_tag(tag):
        raise ValueError(f"{tag!r} is no hashtag; write one like TallyMathMS")
    return bare(tag)


def _hours(text: str) -> str:
    if text:
        _quiet(text)
    return text


def _quiet(text: str) -> tuple[time, time]:
    """Read ``22:00-07:00``."""
    found = _HOURS.fullmatch(text)
    if found is None:
        raise ValueError(f"{text!r} is no span of a day; write one like 22:00-07:00")
    start_hour, start, end_hour, end = map(int, found.groups())
    try:
        return time(start_hour, start), time(end_hour, end)
    except ValueError:
        raise ValueError(f"{text!r} names no time of day; write one like 22:00-07:00") from None


Tag = Annotated[str, AfterValidator(_checked)]
Language = Annotated[str, Field(pattern="^[A-Za-z]{2,3}$")]
"""A language without its region: ``pt`` is Brazil's as well."""


class RouteSetting(BaseModel):
    """One route: a tag, where it leads, and what it asks of the author."""

    model_config = ConfigDict(extra="forbid")

    tag: Tag
    """The tag, with or without ``#``; case and width of letters do not matter."""
    audience: str
    """Name or id of the space of purpose "audience" that the tag leads to."""
    asks: Asks
    """``tag``: using the tag is the request, and the community knows; ``follows``: its author
    follows the amplifier, or names it; ``yes``: only members who said yes to Weaver."""
    aliases: list[Tag] = []
    """Other spellings and old names of the tag that lead to the same place."""


class Settings(BaseModel):
    """What hosts may set under ``[community.<id>.amplify]``."""

    model_config = ConfigDict(extra="forbid")

    routes: list[RouteSetting] = []
    """Which tags lead to which audience."""
    hourly: int = Field(12, ge=0, le=3600)
    """The most posts a route passes on in an hour, spread evenly; 0 for as they come."""
    author_daily: int = Field(3, ge=0)
    """The most posts of one author that a route passes on within a day; 0 for any number."""
    quiet: Annotated[str, AfterValidator(_hours)] = ""
    """Hours in which nothing is passed on, by the community's clock, such as ``22:00-07:00``."""
    most_tags: int = Field(5, ge=1)
    """A post with more tags than this is not passed on."""
    never_with: list[Tag] = []
    """A post that carries one of these tags is not passed on, whatever other tags it has."""
    new_accounts: Literal["pass", "links", "all"] = "links"
    """Which posts of somebody's first day here, and of accounts under a week old where their
    platform tells, wait for a host: none, those with links, all."""
    languages: list[Language] = []
    """Languages that are passed on, such as ``en``; all unless one is named. A post that says
    nothing of its language always counts."""
    role: str = ""
    """Name or id of a role by which people say yes, on platforms that have roles; none if empty."""
    alarm: bool = True
    """Whether a tag is paused when it is plainly being hijacked."""

    def is_unwanted(self, tags: Iterable[str]) -> bool:
        """Whether one of a post's tags is among those that nothing is passed on with."""
        return bool(self.never_with) and not {tag_key(one) for one in self.never_with}.isdisjoint(
            map(tag_key, tags)
        )

    @property
    def rules(self) -> Rules:
        """What every decision goes by."""
        return Rules(self.most_tags, self.new_accounts)

    def pace(self, zone: str) -> Pace:
        """How fast a route may be in a community's zone."""
        quiet = _quiet(self.quiet) if self.quiet else None
        return Pace(self.hourly, self.author_daily, quiet, zone)
