"""Read the archives that a person names, files and whole folders, and show how far it has come."""

import sys
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from io import RawIOBase
from pathlib import Path
from typing import cast

from bot.audit.archives import UnknownArchiveError, Watch, audit_file
from bot.audit.detail import detail
from bot.audit.faults import shown
from bot.audit.figures import Window
from bot.audit.table import Line
from bot.domain.errors import UserError

_LONG = 1 << 23  # bytes: a shorter file is read before anyone could see a bar


@dataclass(frozen=True, slots=True)
class Gathered:
    """What was read, in the order it was named, and what lay in a folder and was no archive."""

    lines: Sequence[Line]
    left_out: Sequence[str]


def gather(
    paths: Sequence[Path],
    passed_over: Collection[Path],
    bots: frozenset[str],
    window: Window,
    *,
    detailed: bool,
) -> Gathered:
    """Read every archive; UserError for a broken one, and for a named file that is none.

    In a folder, and in those inside it, what is no archive is left out and told of; hidden files
    and those to be ``passed_over`` (resolved) are not looked at.
    """
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
            more = detail(tally, window, is_thread=is_thread) if detailed else None
            lines.append(Line(archive.name, figures, archive.rules, archive.is_inferred, more))
    if not lines:
        names = ", ".join(map(shown, paths))
        why = "cannot be read (it holds no archive that Weaver knows)"
        raise UserError(f"{names}: {why}: see weaver audit --help")
    return Gathered(lines, left_out)


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
