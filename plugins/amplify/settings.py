"""What hosts may set for amplify, each with what it means."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict

from plugins.amplify.logic import Asks, bare, is_tag


def _checked(tag: str) -> str:
    if not is_tag(tag):
        raise ValueError(f"{tag!r} is no hashtag; write one like TallyMathMS")
    return bare(tag)


Tag = Annotated[str, AfterValidator(_checked)]


class RouteSetting(BaseModel):
    """One route: a tag, where it leads, and what it asks of the author."""

    model_config = ConfigDict(extra="forbid")

    tag: Tag
    """The tag, with or without ``#``; case and width of letters do not matter."""
    audience: str
    """Name or id of the space of purpose "audience" that the tag leads to."""
    asks: Asks
    """``tag``: using the tag is the request, and the community knows; ``yes``: only the posts of
    members who said yes to Weaver."""
    aliases: list[Tag] = []
    """Other spellings and old names of the tag that lead to the same place."""


class Settings(BaseModel):
    """What hosts may set under ``[community.<id>.amplify]``."""

    model_config = ConfigDict(extra="forbid")

    routes: list[RouteSetting] = []
    """Which tags lead to which audience."""
