"""What a hashtag is, when two are one, and how one sounds. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from functools import lru_cache

from bot.api import fold

SIGNS = "#\uff03"
"""What a hashtag starts with: the usual sign, or the full-width one."""
LONG_RUN, CAPITALS = 10, 6
"""Letters without a capital among them that may well be several words; capitals in a row that
are read out one by one, or as a word that is none."""
_SMALL_RUN = re.compile(rf"[a-z]{{{LONG_RUN},}}")
_CAPITAL_RUN = re.compile(rf"[A-Z]{{{CAPITALS},}}")
_YEAR = re.compile(r"(?<!\d)(?:20)?(\d\d)$")
_NEAR = 2
"""Years by which the number at a tag's end may be off this year and still be read as a year."""


def bare(tag: str) -> str:
    """Give a tag as it is shown, without its sign and the space around it."""
    return tag.strip().lstrip(SIGNS)


@lru_cache(maxsize=4096)
def tag_key(tag: str) -> str:
    """Give the key under which two spellings are one tag; it knows no platform."""
    return fold(bare(tag))


def is_tag(tag: str) -> bool:
    """Say whether something could be a hashtag anywhere: one word, not digits alone."""
    name = bare(tag)
    one_word = not any(letter.isspace() or letter in SIGNS for letter in name)
    return one_word and name.strip("_") != "" and not name.isdigit()


def spoken(tag: str, known: Iterable[str] = ()) -> str | None:
    """Say what is wrong with a tag read aloud, and the cure; None when nothing plainly is.

    Screen readers find the words of a tag by its capitals. Without a dictionary nobody can know
    that a run of small letters is several words, so a long run is a question and no verdict.
    ``known`` are names that stand elsewhere in the community: one of them may be the better form.
    """
    name = bare(tag)
    small, capitals = _SMALL_RUN.search(name), _CAPITAL_RUN.search(name)
    if not small and not capitals:
        return None
    better = next((bare(one) for one in known if _is_better(bare(one), name)), None)
    if better:
        return f"Screen readers read #{better} word by word, and #{name} as one long word."
    if small:
        return (
            f"If #{name} is several words, give each a capital, as in #TallyMathMS: screen readers "
            "then read it word by word. Letters count alike, so nobody else has to change anything."
        )
    return (
        f"Screen readers spell #{name} out, or read it as one word. If it is several words, a "
        "capital for each and small letters between help; letters count alike."
    )


def _is_better(other: str, name: str) -> bool:
    """Whether another spelling of the same tag has capitals where words begin."""
    same = tag_key(other) == tag_key(name)
    return same and not _SMALL_RUN.search(other) and not _CAPITAL_RUN.search(other)


def year_in(tag: str, today: date) -> int | None:
    """The year that a tag ends in, as an event's does: 2020 for ``digifest20``; else None.

    Only a year near this one: a 3 or a 90 at the end is part of a name.
    """
    found = _YEAR.search(tag_key(tag))
    if found is None or found.start() == 0:
        return None
    year = 2000 + int(found[1])
    return year if abs(year - today.year) <= _NEAR else None
