"""Links: whether a post is nothing but one."""

from __future__ import annotations

import re

SHORT = 15
"""Letters and digits beside its links below which a post is nothing but a link."""
_LINK = re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)
_SHOWN = re.compile(r"(?<![\w.@-])(?:[\w-]+\.)+[a-z]{2,}(?:/\S*)?", re.IGNORECASE)
"""A link as some platforms show it, without its scheme."""
_CALL = re.compile(r"[#\uff03@]\S+")


def is_only_link(text: str, *, has_link: bool) -> bool:
    """Whether hardly a word is left of a text once links, tags and names are taken out.

    ``has_link`` is the platform's word for it: where links are kept beside the text, the text may
    show them without their scheme.
    """
    if not has_link and "://" not in text and "www." not in text.casefold():
        return False
    left, links = _LINK.subn(" ", text)
    if not links and not has_link:
        return False
    if not links:
        left = _SHOWN.sub(" ", left)
    return sum(map(str.isalnum, _CALL.sub(" ", left))) < SHORT
