"""Keys of actions: they say why an act exists, and never name an account in clear."""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from datetime import datetime
from pathlib import Path

from bot.domain.errors import UserError
from bot.domain.model import Member, Post

NAME = "installation.key"
LENGTH = 32
"""Bytes of the secret."""


def installation_key(folder: Path) -> bytes:
    """Read the installation's secret, made once; UserError when the file is damaged."""
    path = folder / NAME
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        pass
    else:
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(secrets.token_hex(LENGTH))
            file.flush()
            os.fsync(file.fileno())
    try:
        secret = bytes.fromhex(path.read_text("ascii").strip())
    except ValueError:
        secret = b""
    if len(secret) != LENGTH:
        raise UserError(
            f"{path}: damaged; bring it back from a backup: the ledger's keys are made with it"
        )
    return secret


class Keyring:
    """Turn the parts of a key into one string."""

    def __init__(self, secret: bytes) -> None:
        self._secret = secret
        self.fingerprint = hashlib.sha256(b"weaver" + secret).hexdigest()[:16]

    def hashed(self, text: str) -> str:
        """An account or post as 16 hexadecimal digits that nobody can turn back."""
        return hmac.new(self._secret, text.encode(), hashlib.sha256).hexdigest()[:16]

    def key(self, plugin: str, community: str, parts: tuple[object, ...]) -> str:
        """Join ``plugin:community:part:…``; a colon inside a part is escaped."""
        return ":".join([plugin, community, *(self._part(part) for part in parts)])

    def _part(self, part: object) -> str:
        match part:
            case Member():
                return self.hashed(part.key)
            case Post():
                return self.hashed(f"{part.space.platform}:post:{part.id}")
            case datetime():
                return part.isoformat(timespec="minutes").replace(":", "")
            case str() | int():
                return str(part).replace("%", "%25").replace(":", "%3A")
            case _:
                raise TypeError(f"{part!r} cannot be part of a key")
