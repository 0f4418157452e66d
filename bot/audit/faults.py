"""Say where a file cannot be read, so that a person finds the place."""

from pathlib import Path

from bot.domain.errors import UserError


def shown(path: Path) -> str:
    """Write a path so that it stays on one line, whatever its name holds."""
    text = str(path)
    return text if text.isprintable() else ascii(text)


def misencoded(path: Path) -> UserError | None:
    """Find the first byte that is no UTF-8: no character of it spans two lines."""
    start = 0
    with path.open("rb") as file:
        for line, content in enumerate(file, 1):
            try:
                content.decode()
            except UnicodeDecodeError as error:
                at = f"line {line}, byte {start + error.start}"
                return UserError(f"{shown(path)}: {at} is no UTF-8: save it as UTF-8")
            start += len(content)
    return None
