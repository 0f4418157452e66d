"""Write a file whole or not at all, whatever comes between."""

import os
from pathlib import Path

from bot.audit.faults import shown
from bot.domain.errors import UserError


def save(path: Path, text: str) -> None:
    """Put text into a file; until it is all there, the file is what it was, or is not there.

    UserError when it cannot be written.
    """
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        try:
            with part.open("x", encoding="utf-8", newline="") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            part.replace(path)
        finally:
            part.unlink(missing_ok=True)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise UserError(
            f"{shown(path)}: cannot be written ({reason}); name a file in a folder of yours"
        ) from None
