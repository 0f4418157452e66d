"""What somebody who types a tag may mean: the tags of the routes there are."""

from __future__ import annotations

from collections.abc import Iterable

from plugins.amplify.description import plugin
from plugins.amplify.routes import Ctx, routes_of


@plugin.complete("tag")
@plugin.complete("old")
def tags(ctx: Ctx) -> Iterable[str]:
    """List the tags of all routes."""
    return [route.tag for route in routes_of(ctx)]
