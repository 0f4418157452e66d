"""What every page of the sandbox is made from, and the answer when something is not right."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import blake2s
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from zlib import crc32

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response

from bot.domain.pages import Person, Place, Record, Stage
from bot.domain.text import join_words
from bot.web.guard import HEADERS
from bot.web.introduction import Introduction
from bot.web.times import WallClock

STATIC = Path(__file__).parent / "static"
WEAVES = ("plain", "basket", "twill", "chevron", "satin", "diamond", "waffle", "rib")

TITLES = {
    400: "That did not work",
    403: "That came from elsewhere",
    404: "Not here",
    405: "Not that way round",
    413: "That is too long",
    415: "Not in that form",
    421: "Another name, please",
    500: "Something broke in Weaver",
}


@dataclass(frozen=True, slots=True)
class Scene:
    """The sandbox's world, the kernel's record of what Weaver did in it, and words about both."""

    stage: Stage
    record: Record
    introduction: Introduction
    templates: Environment

    def clock(self) -> WallClock:
        """The community's wall clock, now."""
        return WallClock(self.introduction.zone, self.stage.now())

    def version(self) -> str:
        """Name the state that a page shows: another name when world, ledger or minute moved."""
        acts = self.record.acts(self.stage.community, 50)
        moving = (
            f"{self.stage.now():%Y-%m-%dT%H:%M}",
            [(act.seq, act.state, act.attempts) for act in acts],
        )
        return f"{self.stage.version()}-{crc32(json.dumps(moving).encode()):08x}"

    def person(self, person_id: str) -> Person | None:
        """Look somebody up."""
        return next((person for person in self.stage.people() if person.id == person_id), None)

    def render(self, template: str, **values: Any) -> str:
        """Fill a template with its values and with what every page shows."""
        return self.templates.get_template(template).render(
            introduction=self.introduction, weave=weave_of(self.introduction.name), **values
        )

    def refuse(
        self,
        request: Request,
        status: int,
        message: str,
        headers: Mapping[str, str] | None = None,
    ) -> Response:
        """Say in the page's own look, or in JSON where that was asked for, what is wrong."""
        headers = {**HEADERS, **(headers or {})}
        if wants_json(request):
            return JSONResponse({"error": message}, status, headers)
        written = getattr(request.state, "written", "")
        title = TITLES.get(status, "That did not work")
        html = self.render("refusal.html.j2", title=title, message=message, written=written)
        return HTMLResponse(html, status, headers)


def wants_json(request: Request) -> bool:
    """Whether a program asks rather than a page."""
    return "application/json" in request.headers.get("accept", "")


def weave_of(name: str) -> str:
    """Give each community a structure of its own, always the same."""
    return WEAVES[crc32(name.encode()) % len(WEAVES)]


def page_address(me: str = "", place: str = "", anchor: str = "", path: str = "/sandbox") -> str:
    """Write the address of the page as one person sees it."""
    query = urlencode({key: value for key, value in (("me", me), ("place", place)) if value})
    return path + (f"?{query}" if query else "") + (f"#{anchor}" if anchor else "")


def _address(
    me: Person | None, view: Place | None = None, anchor: str = "", path: str = "/sandbox"
) -> str:
    return page_address(me.id if me else "", view.id if view else "", anchor, path)


def static_address(name: str) -> str:
    """Write a file's address with a mark of what is in it, so that browsers may keep it."""
    return f"/static/{name}?v={static_mark(name)}"


def static_mark(name: str) -> str:
    """Give a short mark that changes with the file."""
    return blake2s((STATIC / name).read_bytes(), digest_size=6).hexdigest()


def templates() -> Environment:
    """Set Jinja up: everything escaped, an unknown name is an error."""
    environment = Environment(
        loader=PackageLoader("bot.web"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.update(address=_address, join_words=join_words, static=static_address)
    return environment
