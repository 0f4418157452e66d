"""Read the archives that a person names, files and whole folders, and show how far it has come."""

import sys
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from io import RawIOBase
from pathlib import Path
from typing import cast

from bot.audit.archives import UnknownArchiveError, Watch, audit_file
from bot.audit.detail import detail
from bot.audit.faults import shown
from bot.audit.figures import Window
from bot.audit.table import Line
from bot.domain.errors import UserError
from bot.domain.measures import DAY, iso_utc

_LONG = 1 << 23  # bytes: a shorter file is read before anyone could see a bar


@dataclass(frozen=True, slots=True)
class Asked:
    """What a person asked for."""

    window: Window
    as_of: int | None
    """None for now."""
    days: int | None
    """The last so many before that; then the window has no ends of its own."""
    detailed: bool

    def when(self, now: int) -> tuple[int, Window]:
        """Say as of when the figures are, and which posts count; UserError for what cannot be."""
        as_of = now if self.as_of is None else self.as_of
        window = self.window
        if self.days is not None:
            if window != Window():
                raise UserError("--days says the window alone: leave --since and --until out")
            window = Window(as_of - self.days * DAY, as_of + 1)
        if window.since is not None and window.until is not None and window.since >= window.until:
            since, until = iso_utc(window.since), iso_utc(window.until)
            raise UserError(f"--since {since} is not before --until {until}: swap them")
        return as_of, window


@dataclass(frozen=True, slots=True)
class Gathered:
    """What was read, in the order it was named, and what lay in a folder and was no archive."""

    lines: Sequence[Line]
    as_of: int
    window: Window
    left_out: Sequence[str] = ()


def gather(
    paths: Sequence[Path],
    passed_over: Collection[Path],
    bots: frozenset[str],
    asked: Asked,
) -> Gathered:
    """Read every archive; UserError for a broken one, and for a named file that is none.

    In a folder, and in those inside it, what is no archive is left out and told of; hidden files
    and those to be ``passed_over`` (resolved) are not looked at.
    """
    as_of, window = asked.when(int(datetime.now(UTC).timestamp()))
    files = [found for path in paths for found in _inside(path, passed_over)]
    lines: list[Line] = []
    left_out: list[str] = []
    with _progress([path for path, _ in files]) as watch:
        for path, folder in files:
            try:
                archive = audit_file(path, bots, watch)
            except UnknownArchiveError as mistake:
                if folder is None:
                    raise
                why = str(mistake).removeprefix(shown(path)).partition(": give ")[0]
                left_out.append(f"{shown(path.relative_to(folder))}{why}.")
                continue
            tally, is_thread = archive.tally, archive.is_thread
            figures = tally.figures(window, is_thread=is_thread)
            more = detail(tally, window, is_thread=is_thread) if asked.detailed else None
            told = (archive.is_inferred, archive.tells_reposts)
            lines.append(Line(archive.name, figures, archive.rules, *told, more))
    if not lines:
        names = ", ".join(map(shown, paths))
        why = "cannot be read (it holds no archive that Weaver knows)"
        raise UserError(f"{names}: {why}: see weaver audit --help")
    return Gathered(lines, as_of, window, left_out)


def _inside(path: Path, passed_over: Collection[Path]) -> Iterator[tuple[Path, Path | None]]:
    """Give a file itself, or the files of a folder by name, each with the folder."""
    if not path.is_dir():
        yield path, None
        return
    for found in sorted(path.rglob("*")):
        parts = found.relative_to(path).parts
        hidden = any(part.startswith(".") for part in parts)
        if found.is_file() and not hidden and found.resolve() not in passed_over:
            yield found, path


@contextmanager
def _progress(files: list[Path]) -> Iterator[Watch]:
    """Show how far long files have been read, on a terminal's standard error only."""
    length = sum(path.stat().st_size for path in files if path.is_file())
    if length < _LONG or not sys.stderr.isatty():
        yield lambda file: file
        return

    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("Reading", total=length)
        yield lambda file: cast("RawIOBase", progress.wrap_file(file, task_id=task))
