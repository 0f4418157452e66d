"""The least of a browser: forms out, pages in, over a real socket."""

from __future__ import annotations

import http.client
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlencode, urlsplit

Fields = Mapping[str, str | Sequence[str]]


@dataclass(frozen=True)
class Answer:
    status: int
    headers: http.client.HTTPMessage
    text: str

    @property
    def json(self) -> Any:
        return json.loads(self.text)

    @property
    def parts(self) -> list[dict[str, str]]:
        """The attributes of every element, with its name as ``element``."""
        parser = _Parts()
        parser.feed(self.text)
        return parser.found

    def part(self, **attributes: str) -> dict[str, str]:
        """The one element with these attributes; underscores stand for hyphens."""
        wanted = {name.replace("_", "-"): value for name, value in attributes.items()}
        [found] = [part for part in self.parts if wanted.items() <= part.items()]
        return found


class _Parts(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[dict[str, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append({"element": tag} | {name: value or "" for name, value in attrs})


class Browser:
    def __init__(self, address: str) -> None:
        self.address = address

    def connect(self) -> http.client.HTTPConnection:
        return http.client.HTTPConnection(urlsplit(self.address).netloc, timeout=10)

    def ask(
        self,
        method: str,
        path: str,
        headers: Mapping[str, str] | None = None,
        body: bytes | None = None,
    ) -> Answer:
        connection = self.connect()
        connection.request(method, path, body, dict(headers or {}))
        response = connection.getresponse()
        answer = Answer(response.status, response.headers, response.read().decode())
        connection.close()
        return answer

    def get(self, path: str = "/sandbox", headers: Mapping[str, str] | None = None) -> Answer:
        return self.ask("GET", path, headers)

    def send(self, deed: str, fields: Fields, headers: Mapping[str, str] | None = None) -> Answer:
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        body = urlencode(fields, doseq=True).encode()
        return self.ask("POST", f"/sandbox/{deed}", {**kind, **(headers or {})}, body)

    def submit(self, deed: str, fields: Fields) -> Answer:
        """Send a form and go where it leads, as a browser without JavaScript does."""
        sent = self.send(deed, fields)
        assert sent.status == 303, sent.text
        return self.get(sent.headers["Location"].partition("#")[0])

    def call(self, deed: str, fields: Fields) -> Answer:
        """Send a form as a program does, and get JSON."""
        return self.send(deed, fields, {"Accept": "application/json"})
