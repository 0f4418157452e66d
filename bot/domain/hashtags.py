"""Find hashtags as each platform does, and tell when two of them are the same.

The dialects differ on about a third of awkward texts, so the platform of a space decides.
Sources: twitter-text (X), the `detectFacets` of Bluesky's own API library, Mastodon's
`HASHTAG_RE` and its extractor. Discord has no hashtags of its own; there Mastodon's rule holds.
"""

import unicodedata
from collections.abc import Callable, Iterator
from typing import Literal

import regex

Dialect = Literal["bluesky", "discord", "mastodon", "twitter"]

# X: a letter, mark, digit or one of the joiners that twitter-text lists; one must be a letter or
# mark. The sign may stand after anything but such a character or `&`, and variation selectors,
# although they are marks, may go before it. Python's \p{L}, \p{M} and \p{Nd} are newer than X's.
_X_JOINERS = (
    r"_\u200c\u200d\ua67e\u05be\u05f3\u05f4\uff5e\u301c\u309b\u309c\u30a0\u30fb"
    r"\u3003\u0f0b\u0f0c\u00b7"
)
_X_CHARACTER = rf"[\p{{L}}\p{{M}}\p{{Nd}}{_X_JOINERS}]"
_X = regex.compile(
    rf"(?:^|[\ufe0e\ufe0f]|(?!{_X_CHARACTER}|&)(?s:.))"
    rf"(?P<sign>[#\uff03])(?![\ufe0f\u20e3])"
    rf"(?P<tag>{_X_CHARACTER}*[\p{{L}}\p{{M}}]{_X_CHARACTER}*)"
)
_X_VOID = ("#", "\uff03", "://")  # what follows makes it no tag
# Where X sees a link, a # inside is a fragment. Any domain ending in two letters or more is taken
# for one, as the list of top-level domains is not carried; without a scheme it needs a path.
_X_PATH = r"/[\p{Latin}\p{Cyrillic}\d!*';:=+,.$/%#\[\]_~@|&()\u2013-]*"
_X_LINK = regex.compile(
    r"(?<![A-Za-z0-9@\uff20$#\uff03_])(?:"
    rf"https?://(?:[\p{{L}}\d_-]++\.)+[a-z]{{2,}}(?::\d+)?(?:{_X_PATH})?"
    rf"|(?<![-_./])(?:[a-z\d_-]++\.)+[a-z]{{2,}}(?::\d+)?{_X_PATH})"
    r"(?:\?[a-z\d!?*'@();:&=+$/%#\[\]_.,~|-]*)?",
    regex.IGNORECASE,
)

# Bluesky: after the start or a space of JavaScript's, up to a space or an invisible character;
# one character must be neither digit nor punctuation.
_SPACES = r"\t-\r\u0020\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff"
_INVISIBLE = r"\u00ad\u2060\u200a-\u200d\u20e2"
_BLUESKY = regex.compile(
    rf"(?:^|[{_SPACES}])[#\uff03](?![\ufe0f\u20e3])"
    rf"(?P<tag>[^{_SPACES}{_INVISIBLE}]*[^\d\p{{P}}{_SPACES}{_INVISIBLE}][^{_SPACES}{_INVISIBLE}]*)"
)
_BLUESKY_LONGEST = 64  # UTF-16 code units, as JavaScript counts
_TRAILING_PUNCTUATION = regex.compile(r"(?<!\p{P})\p{P}++$")  # in one pass, however long

# Mastodon: words of letters, marks, digits and connectors, which separators may join but not end.
_WORD = r"\p{L}\p{M}\p{Nd}\p{Pc}"
_SEPARATORS = r"_\u00b7\u30fb\u200c"
_ALPHABETIC = r"\p{Alphabetic}"
_MASTODON = regex.compile(
    r"(?m)(?:^|(?<=\s))[#\uff03](?P<tag>"
    rf"[{_WORD}](?:(?![{_ALPHABETIC}{_SEPARATORS}])[{_WORD}])*+[{_ALPHABETIC}{_SEPARATORS}]"
    rf"[{_WORD}{_SEPARATORS}]*[{_WORD}]"
    rf"|[{_WORD}]*[{_ALPHABETIC}][{_WORD}]*)"
)
_GLUED_SCHEME = regex.compile(r"(?<=.)https?$")
_MASTODON_INVALID = regex.compile(rf"[^{_ALPHABETIC}\p{{Nd}}\u0e47-\u0e4e{_SEPARATORS}]")

_DOT_AFTER_I = regex.compile("(?<=i)\u0307")
_ACCENTED = regex.compile(r"(?<=[a-z])\p{Mn}+")
_STROKED = str.maketrans("ðđħıĸłŋøŧ", "ddhiklnot")


def hashtags(text: str, dialect: Dialect) -> list[str]:
    """List the hashtags of a text as the platform finds them: without the sign, in order."""
    return list(_DIALECTS[dialect](text))


def fold(tag: str, dialect: Dialect | None = None) -> str:
    """Give the key under which two spellings of a tag are the same tag.

    NFKC, then case folding; accents stay. The dot that a Turkish capital leaves on its i is
    dropped, and dotless i stays itself. Name the dialect for Mastodon, which also folds Latin
    letters to ASCII and drops what no tag can hold.
    """
    key = _DOT_AFTER_I.sub("", unicodedata.normalize("NFKC", tag).casefold())
    if dialect != "mastodon":
        return unicodedata.normalize("NFKC", key)
    bare = _ACCENTED.sub("", unicodedata.normalize("NFD", key)).translate(_STROKED)
    return str(_MASTODON_INVALID.sub("", unicodedata.normalize("NFC", bare)))


def _on_twitter(text: str) -> Iterator[str]:
    links = [match.span() for match in _X_LINK.finditer(text)]
    for match in _X.finditer(text):
        sign = match.start("sign")
        void = text.startswith(_X_VOID, match.end())
        if not void and not any(start <= sign < end for start, end in links):
            yield match["tag"]


def _on_bluesky(text: str) -> Iterator[str]:
    for match in _BLUESKY.finditer(text):
        tag = _TRAILING_PUNCTUATION.sub("", match["tag"])
        if tag and len(tag.encode("utf-16-le")) // 2 <= _BLUESKY_LONGEST:
            yield tag


def _on_mastodon(text: str) -> Iterator[str]:
    for match in _MASTODON.finditer(text):
        glued = text.startswith("://", match.end())
        yield _GLUED_SCHEME.sub("", match["tag"]) if glued else match["tag"]


_DIALECTS: dict[Dialect, Callable[[str], Iterator[str]]] = {
    "bluesky": _on_bluesky,
    "discord": _on_mastodon,
    "mastodon": _on_mastodon,
    "twitter": _on_twitter,
}
