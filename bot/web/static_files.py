"""Files that never change under their address: style sheets and the page's script."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from bot.web.scene import static_mark


class Kept(StaticFiles):
    """Static files that browsers keep for good under their marked address, else ask about."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        """Give a file, and say for how long it may be kept."""
        response = await super().get_response(path, scope)
        marked = Request(scope).query_params.get("v")
        kept = marked is not None and marked == static_mark(path)
        response.headers["Cache-Control"] = (
            "public, max-age=31536000, immutable" if kept else "no-cache"
        )
        return response
