"""From the place a person names to the IANA zone they mean."""

from __future__ import annotations

from functools import cache
from zoneinfo import available_timezones

from bot.api import UserError, join_words, zone_named
from plugins.chats.doubt import Unclear

_CONTINENTS = frozenset(
    {"Africa", "America", "Antarctica", "Arctic", "Asia", "Atlantic"}
    | {"Australia", "Europe", "Indian", "Pacific"}
)
_SHORT = frozenset(
    {"bst", "gmt", "ist", "wet", "west", "cet", "cest", "met", "eet", "eest", "msk", "jst", "hst"}
    | {"et", "est", "edt", "ct", "cst", "cdt", "mt", "mst", "mdt", "pt", "pst", "pdt"}
    | {"aest", "aedt", "acst", "awst", "nzst", "nzdt", "sast", "wat", "eat", "cat"}
)
_MEANT = {
    "bst": ("Europe/London",),
    "gmt": ("UTC", "Europe/London"),
    "ist": ("Asia/Kolkata", "Europe/Dublin", "Asia/Jerusalem"),
    "cet": ("Europe/Paris", "Europe/Berlin"),
    "cest": ("Europe/Paris", "Europe/Berlin"),
    "eet": ("Europe/Athens", "Europe/Helsinki"),
    **dict.fromkeys(("et", "est", "edt"), ("America/New_York", "America/Panama")),
    "ct": ("America/Chicago",),
    "cst": ("America/Chicago", "Asia/Shanghai", "America/Costa_Rica"),
    "cdt": ("America/Chicago",),
    **dict.fromkeys(("mt", "mst", "mdt"), ("America/Denver", "America/Phoenix")),
    **dict.fromkeys(("pt", "pst", "pdt"), ("America/Los_Angeles",)),
    **dict.fromkeys(("aest", "aedt"), ("Australia/Sydney", "Australia/Brisbane")),
    **dict.fromkeys(("nzst", "nzdt"), ("Pacific/Auckland",)),
}
"""Where most people who write such letters are."""
_CURE = "write the zone, like Europe/London or America/New_York"


@cache
def _zones() -> dict[str, str]:
    """Every zone by its name in small letters."""
    return {name.casefold(): name for name in sorted(available_timezones())}


@cache
def _cities() -> dict[str, tuple[str, ...]]:
    """Every zone that is called after a place, by that place's name as people write it."""
    found: dict[str, tuple[str, ...]] = {}
    for name in _zones().values():
        continent, _, place = name.partition("/")
        if continent in _CONTINENTS:
            city = place.rpartition("/")[2].replace("_", " ").casefold()
            found[city] = (*found.get(city, ()), name)
    return found


def zone_called(words: str) -> str:
    """Give the zone of "Europe/Dublin", "dublin" or "New York"; UserError asks when in doubt.

    Abbreviations are asked back: most stand for several zones, and all forget summer time.
    """
    wanted = " ".join(words.replace(",", " ").split()).casefold()
    if wanted == "utc":
        return "UTC"
    if wanted in _SHORT:
        raise Unclear(
            f"{words.upper()} does not say which zone, or whether clocks change there; {_CURE}",
            words,
            _MEANT.get(wanted, ()),
        )
    if "/" in wanted:
        name = _zones().get(wanted.replace(" ", "_"), words)
        try:
            zone_named(name)
        except ValueError as error:
            raise UserError(str(error)) from None
        return name
    places = _cities().get(wanted, ())
    if not places:
        raise UserError(f"Weaver knows no time zone for {words!r}; {_CURE}")
    if len(places) > 1:
        choice = join_words(places, "or")
        raise Unclear(f"{words!r} may be more than one time zone; write {choice}", words, places)
    return places[0]
