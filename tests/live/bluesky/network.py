"""A Bluesky network on this machine, and people on it who know nothing of Weaver."""

import contextlib
import itertools
import json
import os
import queue
import subprocess
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx

from tests.live.bluesky.bring import HERE, node
from tests.storage import server

PASSWORD = "a main password that nobody uses"
_numbers = itertools.count(1)
_line = httpx.Client(timeout=30)


@dataclass
class Network:
    """The addresses of a running network."""

    pds: str
    plc: str
    admin: str
    appview: str = ""
    """Empty where there is none."""
    _process: "subprocess.Popen[str] | None" = field(default=None, repr=False)
    _asking: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def indexed(self) -> int:
        """Return once the AppView has taken in all that was written until now: the last event."""
        assert self._process is not None
        assert self._process.stdin is not None
        with self._asking:
            self._process.stdin.write("index\n")
            self._process.stdin.flush()
            said = json.loads(_first_line(self._process))
        assert "indexed" in said, said
        return int(said["indexed"])

    def person(self, name: str = "person") -> "Person":
        """Let somebody open an account."""
        handle = f"{name}{next(_numbers)}.test"
        body = {"handle": handle, "email": f"{handle}@example.test", "password": PASSWORD}
        return Person(self.pds, self.pds, _post(self.pds, "com.atproto.server.createAccount", body))

    def take_down(self, did: str, *, applied: bool = True) -> None:
        """Let the people who run the server take an account down, or let it be again."""
        subject = {"$type": "com.atproto.admin.defs#repoRef", "did": did}
        body = {"subject": subject, "takedown": {"applied": applied}}
        answer = _line.post(
            f"{self.pds}/xrpc/com.atproto.admin.updateSubjectStatus",
            json=body,
            auth=("admin", self.admin),
        )
        answer.raise_for_status()


@dataclass
class Person:
    """Somebody with an account, acting through plain requests."""

    pds: str
    address: str
    session: Mapping[str, str] = field(repr=False)

    @property
    def did(self) -> str:
        return self.session["did"]

    @property
    def handle(self) -> str:
        return self.session["handle"]

    def do(self, name: str, body: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """Ask the server to change something."""
        return _post(self.pds, name, body, self.session["accessJwt"])

    def asks(self, name: str, **what: Any) -> dict[str, Any]:
        """Ask the server, or the AppView behind it, to show something."""
        headers = {"Authorization": f"Bearer {self.session['accessJwt']}"}
        answer = _line.get(f"{self.pds}/xrpc/{name}", params=what, headers=headers)
        assert answer.is_success, answer.text
        found: dict[str, Any] = answer.json()
        return found

    def app_password(self, name: str = "weaver") -> str:
        """Make an app password."""
        made = self.do("com.atproto.server.createAppPassword", {"name": name})
        return str(made["password"])

    def posts(self, text: str, **more: Any) -> str:
        """Post something; returns its address."""
        record = {"$type": "app.bsky.feed.post", "text": text, "createdAt": NOW, **more}
        return str(self.creates("app.bsky.feed.post", record)["uri"])

    def answers(self, uri: str, text: str, **more: Any) -> str:
        """Reply to a post, in its thread; returns the reply's address."""
        _, _, repo, collection, rkey = uri.split("/")
        where = {"repo": repo, "collection": collection, "rkey": rkey}
        above = self.asks("com.atproto.repo.getRecord", **where)
        parent = {"uri": above["uri"], "cid": above["cid"]}
        root = above["value"].get("reply", {}).get("root", parent)
        return self.posts(text, reply={"root": root, "parent": parent}, **more)

    def creates(self, collection: str, record: Mapping[str, Any]) -> dict[str, Any]:
        """Write any record."""
        body = {"repo": self.did, "collection": collection, "record": record}
        return self.do("com.atproto.repo.createRecord", body)

    def minds(self, collection: str, other: "Person") -> str:
        """Follow or block somebody."""
        record = {"$type": collection, "subject": other.did, "createdAt": NOW}
        return str(self.creates(collection, record)["uri"])

    def deletes(self, uri: str) -> None:
        """Take a record of one's own away."""
        _, _, _, collection, rkey = uri.split("/")
        body = {"repo": self.did, "collection": collection, "rkey": rkey}
        self.do("com.atproto.repo.deleteRecord", body)

    def records(self, collection: str) -> list[dict[str, Any]]:
        """Everything of a kind in the account's repository, as its server has it."""
        found: list[dict[str, Any]] = []
        cursor: str | None = None
        while True:
            where = {"repo": self.did, "collection": collection, "limit": 100}
            if cursor:
                where["cursor"] = cursor
            answer = _line.get(f"{self.pds}/xrpc/com.atproto.repo.listRecords", params=where)
            page = answer.raise_for_status().json()
            found += page["records"]
            cursor = page.get("cursor")
            if not cursor or not page["records"]:
                return found

    def tidies(self) -> None:
        """Take away all that the account posted and reposted."""
        for kind in ("app.bsky.feed.post", "app.bsky.feed.repost", "app.bsky.actor.profile"):
            for record in self.records(kind):
                self.deletes(record["uri"])

    def revision(self) -> str:
        """The latest commit of the repository."""
        answer = _line.get(
            f"{self.pds}/xrpc/com.atproto.sync.getLatestCommit", params={"did": self.did}
        )
        return str(answer.raise_for_status().json()["rev"])


NOW = "2026-03-02T12:00:00.000Z"


def _post(
    pds: str, name: str, body: Mapping[str, Any] | None, token: str | None = None
) -> dict[str, Any]:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    answer = _line.post(f"{pds}/xrpc/{name}", json=body, headers=headers)
    assert answer.is_success, answer.text
    found: dict[str, Any] = answer.json() if answer.content else {}
    return found


@contextlib.contextmanager
def running(*, limits: bool = False, postgres: str = "") -> Iterator[Network]:
    """Run a network until the end of the block; it ends by itself when this process is killed.

    With an AppView where ``postgres`` is the folder of a PostgreSQL's socket.
    """
    program = node()
    assert program is not None
    environment = os.environ | {"NODE_ENV": "test", "RATE_LIMITS": "1" if limits else "0"}
    if postgres:
        environment["POSTGRES"] = f"postgres://postgres@localhost/postgres?host={postgres}"
    process = subprocess.Popen(
        [program, str(HERE / "network.mjs")],
        cwd=HERE,
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdin is not None
    try:
        yield Network(**json.loads(_first_line(process)), _process=process)
    finally:
        process.stdin.close()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        assert process.stdout is not None
        process.stdout.close()


@contextlib.contextmanager
def with_appview() -> Iterator[Network]:
    """Run a whole network: what the AppView reads lies in a PostgreSQL that goes with it."""
    with server.running() as address:
        [socket] = parse_qs(urlsplit(address).query)["unix_sock"]
        with running(postgres=str(Path(socket).parent)) as network:
            yield network


def _first_line(process: "subprocess.Popen[str]", seconds: float = 120) -> str:
    lines: queue.Queue[str] = queue.Queue()
    assert process.stdout is not None
    threading.Thread(target=lambda out: lines.put(out.readline()), args=(process.stdout,)).start()
    line = lines.get(timeout=seconds)
    assert line, f"the network did not start: exit code {process.wait(10)}"
    return line
