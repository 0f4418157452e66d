"""What a visitor may do in the sandbox, as one of the people who live there."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from urllib.parse import quote

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from bot.domain.errors import UserError
from bot.web.forms import Form, read_form
from bot.web.scene import Scene, page_address, wants_json
from bot.web.threads import with_tags
from bot.web.words import STATES


@dataclass(frozen=True, slots=True)
class Landing:
    """What came of a deed, and where on the page to see it."""

    id: str
    me: str
    view: str
    anchor: str = ""
    path: str = "/sandbox"


Deed = Callable[[Form], Awaitable[Landing]]


@dataclass(frozen=True, slots=True)
class Deeds:
    """Each method carries out one form and says where to look next. UserError says what to mend."""

    scene: Scene

    def answering(self, deed: Deed) -> Callable[[Request], Awaitable[Response]]:
        """Read the form, do the deed, and lead back to the page, or answer a program in JSON."""

        async def endpoint(request: Request) -> Response:
            form = await read_form(request)
            request.state.written = form.one("text")
            done = await deed(form)
            if wants_json(request):
                return JSONResponse({"id": done.id})
            there = page_address(done.me, done.view, quote(done.anchor), done.path)
            return RedirectResponse(there, 303)

        return endpoint

    async def join(self, form: Form) -> Landing:
        """Somebody new arrives, and the visitor is them."""
        person = await self.scene.stage.join(form.one("name"))
        return Landing(person.id, person.id, self._view(form), "stream")

    async def post(self, form: Form) -> Landing:
        """Say something in a place, with the tags that were ticked."""
        me, place = self._me(form), self._place(form)
        text = with_tags(_needed(form, "text", "say something first"), form.every("tag"))
        made = await self.scene.stage.post(me, place, text)
        view = self._view(form)
        return Landing(made, me, view if view == place else "", f"post-{made}")

    async def reply(self, form: Form) -> Landing:
        """Answer a post."""
        me, to = self._me(form), _needed(form, "to", "say which post you answer, in the field “to”")
        text = _needed(form, "text", "write an answer first")
        made = await self.scene.stage.reply(me, to, text)
        return Landing(made, me, self._view(form), f"post-{made}")

    async def repost(self, form: Form) -> Landing:
        """Pass somebody's post on."""
        me, post = self._me(form), self._post(form)
        made = await self.scene.stage.repost(me, post)
        return Landing(made, me, self._view(form), f"post-{made}")

    async def delete(self, form: Form) -> Landing:
        """Delete one's own post."""
        me, post = self._me(form), self._post(form)
        await self.scene.stage.delete(me, post)
        return Landing(post, me, self._view(form), "stream")

    async def command(self, form: Form) -> Landing:
        """Ask Weaver for something."""
        me = self._me(form)
        made = await self.scene.stage.command(
            me, _needed(form, "text", "write what you want of Weaver, such as “help”")
        )
        return Landing(made, me, "", f"post-{made}")

    async def clock(self, form: Form) -> Landing:
        """Move the clock to a time, or to the next thing due."""
        to = form.one("to")
        at = None if to in {"", "next"} else self.scene.clock().read(to)
        now = await self.scene.stage.move_clock(at)
        return Landing(now.isoformat(), form.one("me"), self._view(form), "next")

    async def undo(self, form: Form) -> Landing:
        """Take one of Weaver's acts back."""
        key = _needed(form, "key", "say which act to take back, in the field “key”")
        act = self.scene.record.act(key)
        if act is None:
            raise HTTPException(404, f"the ledger has no act with the key “{key}”")
        if not await self.scene.record.undo(key, "Somebody took it back on the sandbox's page."):
            raise UserError(
                f"there is nothing to take back: act {act.seq} was "
                f"{STATES.get(act.state, act.state)} and left nothing that could be removed"
            )
        anchor = f"act-{act.seq}"
        if form.one("from") == "ledger":
            return Landing(key, form.one("me"), self._view(form), anchor, "/sandbox/ledger")
        return Landing(key, form.one("me"), self._view(form), anchor)

    def _me(self, form: Form) -> str:
        me = _needed(form, "me", "say who you are, in the field “me”")
        if self.scene.person(me) is None:
            raise HTTPException(
                404, f"nobody called “{me}” lives here; choose somebody on the sandbox's page"
            )
        return me

    def _place(self, form: Form) -> str:
        wanted = _needed(form, "place", "say where, in the field “place”")
        if all(place.id != wanted for place in self.scene.stage.places()):
            raise HTTPException(
                404, f"there is no place called “{wanted}”; choose one on the sandbox's page"
            )
        return wanted

    def _post(self, form: Form) -> str:
        return _needed(form, "post", "say which post, in the field “post”")

    def _view(self, form: Form) -> str:
        """The place that the visitor was looking at, if it is still there."""
        view = form.one("view")
        return view if any(place.id == view for place in self.scene.stage.places()) else ""


def _needed(form: Form, field: str, cure: str) -> str:
    if value := form.one(field):
        return value
    raise UserError(cure)
