"""Recognise an archive by what it holds, whatever its name, and tally its posts as a stream."""

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from io import BufferedReader, FileIO, RawIOBase, TextIOWrapper
from pathlib import Path

from bot.audit import discord_csv, discord_json, mbox, outbox, tags_csv
from bot.audit.faults import misencoded, shown
from bot.audit.figures import Tally
from bot.audit.posts import Archive
from bot.domain.errors import UserError

_BUFFER = 1 << 16
_UTF8_BOM = b"\xef\xbb\xbf"
_ZSTD = b"\x28\xb5\x2f\xfd"
_OTHER_UNICODE = (b"\xff\xfe", b"\xfe\xff")
_CURE = (
    "give a TAGS archive saved as CSV, a DiscordChatExporter export in JSON or CSV, a capture of "
    "Bluesky’s Jetstream, a Mastodon outbox.json, or a mailing list’s mbox"
)

Watch = Callable[[FileIO], RawIOBase]
"""Wraps an open file so that someone may watch how far it has been read."""


@dataclass(frozen=True, slots=True)
class Audited:
    """An archive that was read to its end."""

    name: str
    rules: str
    is_thread: bool
    tally: Tally
    is_inferred: bool = False
    tells_reposts: bool = True


class UnknownArchiveError(UserError):
    """A file is no archive at all; in a folder it may lie beside archives."""


def audit_file(path: Path, bots: frozenset[str], watch: Watch = lambda file: file) -> Audited:
    """Read one archive into a tally; UserError names file, place and cure of what is wrong.

    `bots` are accounts to leave out, each as `posts.handle` gives it. Memory holds 24 bytes a row
    and never the text.
    """
    try:
        with ExitStack() as opened:
            raw = watch(opened.enter_context(path.open("rb", buffering=0)))
            file = opened.enter_context(BufferedReader(raw, _BUFFER))
            archive = _recognised(file, path, bots, opened)
            tally = Tally()
            tally.add(archive.posts)
            tally.drop(archive.gone)
    except UnicodeDecodeError:
        raise misencoded(path) or UserError(
            f"{shown(path)}: is no UTF-8: save it as UTF-8"
        ) from None
    except OSError as error:
        raise UserError(f"{shown(path)}: cannot be read ({error.strerror}): {_CURE}") from None
    return Audited(
        archive.name,
        archive.rules,
        archive.is_thread,
        tally,
        archive.is_inferred,
        archive.tells_reposts,
    )


def _recognised(
    file: "BufferedReader[RawIOBase]", path: Path, bots: frozenset[str], opened: ExitStack
) -> Archive:
    head = file.peek(_BUFFER)
    if not head:
        raise UnknownArchiveError(f"{shown(path)}: is empty: {_CURE}")
    if head.startswith(_ZSTD) or b'"did"' in head.partition(b"\n")[0]:
        from bot.audit import jetstream_lines  # the decoder takes a while to import

        if jetstream_lines.is_capture(head):
            return jetstream_lines.read(file, head, path, bots)
    if mbox.is_mbox(head):
        return mbox.read(file, path, bots)
    if head.startswith(_OTHER_UNICODE):
        raise UserError(f"{shown(path)}: byte 0 begins UTF-16: save it as UTF-8")
    if b"\0" in head:
        raise UnknownArchiveError(f"{shown(path)}: byte {head.index(0)} is no text: {_CURE}")
    bare = head.removeprefix(_UTF8_BOM)
    if bare.lstrip()[:1] in (b"{", b"["):
        if head.startswith(_UTF8_BOM):
            file.read(len(_UTF8_BOM))
        archive = outbox.read(file, bare, path, bots) or discord_json.read(file, bare, path, bots)
    else:
        text = opened.enter_context(TextIOWrapper(file, encoding="utf-8-sig", newline=""))
        first = bare.partition(b"\n")[0].decode("utf-8", "replace")
        is_discord = discord_csv.is_header(first)
        archive = (discord_csv if is_discord else tags_csv).read(text, path, bots)
    if archive is None:
        raise UnknownArchiveError(f"{shown(path)}: is no archive that Weaver knows: {_CURE}")
    return archive
