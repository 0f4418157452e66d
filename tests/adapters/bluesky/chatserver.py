"""A small server of Bluesky's chat on a real socket, as the reference network has none."""

import base64
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import count
from typing import Any, Self

from aiohttp import web

WEAVER, ADA = "did:plc:weaver", "did:plc:ada"


def token(scope: str) -> str:
    """A token that says when it ends; nobody checks who signed it."""
    parts = ({"alg": "none"}, {"scope": scope, "sub": WEAVER, "exp": int(time.time()) + 7200})
    coded = (base64.urlsafe_b64encode(json.dumps(part).encode()).decode() for part in parts)
    return ".".join([*(part.rstrip("=") for part in coded), "c2ln"])


@dataclass
class ChatServer:
    """Conversations of one account, each with one other person, and one log of all of them."""

    log: list[dict[str, Any]] = field(default_factory=list)
    refusal: Mapping[str, str] | None = None
    """What it says instead of an answer: a name and words."""
    deaf: int = 0
    """How many messages it takes without saying so."""
    page: int = 2
    signed_in: int = 0
    _numbers: Any = field(default_factory=lambda: count(1))

    async def __aenter__(self) -> Self:
        app = web.Application()
        xrpc = "/xrpc/"
        app.router.add_post(f"{xrpc}com.atproto.server.createSession", self._session)
        for name, method in {
            "getLog": self._log,
            "getConvoForMembers": self._convo,
            "getMessages": self._messages,
        }.items():
            app.router.add_get(f"{xrpc}chat.bsky.convo.{name}", method)
        app.router.add_post(f"{xrpc}chat.bsky.convo.sendMessage", self._send)
        self._runner = web.AppRunner(app, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.address = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._runner.cleanup()

    def says(self, text: str, who: str = ADA, whom: str = "") -> dict[str, Any]:
        """Somebody writes into the conversation between them and the account."""
        number = next(self._numbers)
        convo = f"convo-{(whom or who).rpartition(':')[2]}"
        sent = time.strftime("%Y-%m-%dT%H:%M:%S.000Z", time.gmtime())
        message = {
            "$type": "chat.bsky.convo.defs#messageView",
            "id": f"m{number}",
            "rev": f"{number:04}",
            "text": text,
            "sender": {"did": who},
            "sentAt": sent,
        }
        self.log.append(
            {
                "$type": "chat.bsky.convo.defs#logCreateMessage",
                "rev": f"{number:04}",
                "convoId": convo,
                "message": message,
            }
        )
        return message

    def reads(self, text: str) -> None:
        """Something happens that is no message."""
        number = next(self._numbers)
        self.log.append(
            {"$type": "chat.bsky.convo.defs#logBeginConvo", "rev": f"{number:04}", "convoId": text}
        )

    @property
    def said(self) -> list[str]:
        """What Weaver wrote, in order."""
        mine = (one["message"] for one in self.log if "message" in one)
        return [one["text"] for one in mine if one["sender"]["did"] == WEAVER]

    async def _session(self, request: web.Request) -> web.Response:
        self.signed_in += 1
        access, refresh = token("com.atproto.appPass"), token("com.atproto.refresh")
        tokens = {"accessJwt": access, "refreshJwt": refresh}
        return web.json_response(tokens | {"did": WEAVER, "handle": "weaver.test", "active": True})

    def _refused(self, request: web.Request) -> web.Response | None:
        assert request.headers["atproto-proxy"] == "did:web:api.bsky.chat#bsky_chat"
        return web.json_response(self.refusal, status=400) if self.refusal else None

    async def _log(self, request: web.Request) -> web.Response:
        if refused := self._refused(request):
            return refused
        place = request.query.get("cursor", "")
        new = [one for one in self.log if one["rev"] > place][: self.page]
        cursor = new[-1]["rev"] if new else place
        return web.json_response({"logs": new, "cursor": cursor})

    async def _convo(self, request: web.Request) -> web.Response:
        if refused := self._refused(request):
            return refused
        did = request.query.getall("members")[0]
        convo = {
            "id": f"convo-{did.rpartition(':')[2]}",
            "rev": "1",
            "members": [],
            "muted": False,
            "unreadCount": 0,
        }
        return web.json_response({"convo": convo})

    async def _messages(self, request: web.Request) -> web.Response:
        here = [one["message"] for one in self.log if one["convoId"] == request.query["convoId"]]
        return web.json_response({"messages": here[::-1]})

    async def _send(self, request: web.Request) -> web.Response:
        body = await request.json()
        assert len(body["message"]["text"]) <= 1000
        made = self.says(body["message"]["text"], WEAVER, f"did:plc:{body['convoId'][6:]}")
        if self.deaf:
            self.deaf -= 1
            return web.Response(status=502)
        return web.json_response(made)
