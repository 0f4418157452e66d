"""What the sandbox's page says of its community before anybody speaks."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Introduction:
    """The community's name and IANA zone, and the words that lead a first visitor in."""

    name: str
    zone: str = "UTC"
    lede: str = (
        "Say something as one of the people who live here, move the clock, and watch what Weaver "
        "does. Everything that Weaver does has a “why?”."
    )
    tries: tuple[str, ...] = (
        "Let someone new join, and see how Weaver greets them.",
        "Post with a tag, and open the “why?” under what Weaver does with it.",
        "Move the clock to the next chat and answer Q1. Begin with “A1”.",
    )
    commands: tuple[str, ...] = ()
    """Examples of what one may ask Weaver, such as ``chats list``."""
    contact: str = ""
    """How people reach whoever runs this Weaver."""
    longest: int = 300
    """The most characters that a post may have."""
