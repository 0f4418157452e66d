"""How a route is declared, found and called."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from tests.fakediscord.shapes import Json
from tests.fakediscord.world import World

if TYPE_CHECKING:
    from tests.fakediscord.server import FakeDiscord


@dataclass
class Call:
    """What a route gets: the parts of its path, the query, the body and uploaded files."""

    server: FakeDiscord
    params: dict[str, str]
    query: dict[str, str]
    body: Any
    files: list[Json]
    reason: str | None

    @property
    def world(self) -> World:
        """The state of this Discord."""
        return self.server.world

    def __getitem__(self, name: str) -> str:
        return self.params[name]

    def channel(self, *needed: str) -> Json:
        """Find the channel of the path, where the bot must have these permissions."""
        found = self.world.channel(self["channel_id"])
        self.world.require(found, *needed)
        return found

    def message(self, *needed: str) -> Json:
        """Find the message of the path."""
        channel = self.channel("read_message_history", *needed)
        return self.world.message(channel["id"], self["message_id"])

    def guild(self, *needed: str) -> Json:
        """Find the guild of the path."""
        return self.world.require_in_guild(self["guild_id"], *needed)

    def with_uploads(self, body: Json | None = None) -> Json:
        """Return the body with what was uploaded in place of its ``attachments``."""
        body = dict(self.body if body is None else body)
        uploads = {file["number"]: file for file in self.files}
        described = []
        for each in body.get("attachments") or []:
            file = uploads.get(str(each["id"]))
            described.append(self._uploaded(file, each) if file else self._kept(each))
        if described:
            body["attachments"] = described
        return body

    def _uploaded(self, file: Json, said: Json) -> Json:
        kept = {key: said[key] for key in ("description", "title") if said.get(key)}
        return kept | {
            "id": self.world.clock.snowflake(),
            "filename": said.get("filename") or file["filename"],
            "size": len(file["data"]),
            "content_type": file["content_type"],
            "data": file["data"],
        }

    def _kept(self, said: Json) -> Json:
        for message in self.world.messages.values():
            for each in message["attachments"]:
                if each["id"] == str(said["id"]):
                    return {**each, "data": self.world.files[each["id"]]}
        return said


Serve = Callable[[Call], Any]


@dataclass(frozen=True)
class Route:
    """One operation of the API."""

    method: str
    path: str
    serve: Serve
    status: int
    pattern: re.Pattern[str]


class Routes:
    """All that this Discord can be asked."""

    def __init__(self) -> None:
        self._routes: list[Route] = []

    def add(self, method: str, path: str, status: int = 200) -> Callable[[Serve], Serve]:
        """Declare what serves a method and a path, which is written as Discord documents it."""

        def declare(serve: Serve) -> Serve:
            pattern = re.compile(re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", path) + "$")
            self._routes.append(Route(method, path, serve, status, pattern))
            self._routes.sort(key=lambda route: route.path.count("{"))
            return serve

        return declare

    def find(self, method: str, path: str) -> tuple[Route, dict[str, str]] | None:
        """Find the route of a request, and what its path names."""
        for route in self._routes:
            match = route.method == method and route.pattern.match(path)
            if match:
                return route, {key: unquote(value) for key, value in match.groupdict().items()}
        return None


ROUTES = Routes()
