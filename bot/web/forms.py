"""Reads what a page's forms send: urlencoded fields, of bounded size."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import parse_qs

from starlette.exceptions import HTTPException
from starlette.requests import Request

LIMIT = 64 * 1024
"""The most bytes a form may have."""
_FIELDS = 200
_DRAINED = 16 * LIMIT


@dataclass(frozen=True, slots=True)
class Form:
    """The fields of a form, each as often as it was sent."""

    fields: dict[str, list[str]]

    def one(self, name: str) -> str:
        """The first value of a field, without the blanks around it; empty when there is none."""
        return next(iter(self.fields.get(name, ())), "").strip()

    def every(self, name: str) -> list[str]:
        """All values of a field."""
        return [value.strip() for value in self.fields.get(name, ()) if value.strip()]


async def read_form(request: Request) -> Form:
    """Read the fields; refuses with 413 what is too long and with 415 what is no form."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    body = await _read_body(request)
    if body and kind != "application/x-www-form-urlencoded":
        raise HTTPException(415, "send the fields as application/x-www-form-urlencoded")
    try:
        fields = parse_qs(body.decode("utf-8", "replace"), True, max_num_fields=_FIELDS)
    except ValueError:
        raise HTTPException(400, f"a form here has at most {_FIELDS} fields") from None
    return Form({name: [_tidy(value) for value in values] for name, values in fields.items()})


async def _read_body(request: Request) -> bytes:
    """Read to the end where that is reasonable, so that a refusal still reaches its reader."""
    body, size = bytearray(), 0
    async for chunk in request.stream():
        size += len(chunk)
        if size <= LIMIT:
            body += chunk
        elif size > _DRAINED:
            break
    if size > LIMIT:
        raise HTTPException(
            413,
            f"that is more than {LIMIT // 1024} KiB; send less at once",
            {"Connection": "close"},
        )
    return bytes(body)


def _tidy(value: str) -> str:
    """Line ends as everywhere else, and no NUL, which databases refuse."""
    return value.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")
