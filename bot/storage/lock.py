"""Only one Weaver on a data folder: a lock that the system lets go of even after kill -9."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bot.domain.errors import UserError

NAME = "weaver.lock"


class Taken(UserError):  # noqa: N818 - said of the folder
    """Another process holds the lock."""


@contextmanager
def exclusive(folder: Path) -> Iterator[None]:
    """Hold the folder; raises Taken, naming the process, when another does."""
    path = folder / NAME
    try:
        handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise UserError(
            f"{path}: cannot be written ({reason}); set WEAVER_DATA to a folder of your own"
        ) from None
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            pid = os.read(handle, 20).decode("ascii", "replace").strip() or "unknown"
            raise Taken(
                f"Weaver already runs on {folder.resolve()} (process {pid}); stop it first, or "
                "set WEAVER_DATA to another folder"
            ) from None
        os.ftruncate(handle, 0)
        os.pwrite(handle, f"{os.getpid()}\n".encode("ascii"), 0)
        yield
    finally:
        os.close(handle)
