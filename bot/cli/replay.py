"""The command `weaver replay`."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from bot.cli.terminal import ConfigOption, JsonOption, settings_from
from bot.domain.errors import UserError


def register(app: typer.Typer) -> None:
    """Add the command to an app; a person's mistake leaves it as UserError."""
    app.command()(replay)


def replay(
    file: Annotated[
        Path,
        typer.Argument(
            metavar="FILE",
            readable=False,  # and told in our own words when it is not
            help="A capture of Jetstream: .jsonl or .jsonl.zst.",
        ),
    ],
    tags: Annotated[
        Path | None,
        typer.Option(
            metavar="TAGS.txt",
            readable=False,
            help="Hashtags to track, one a line; default: your communities'.",
        ),
    ] = None,
    into: Annotated[
        bool,
        typer.Option("--into", help="Tell it to your communities, in Weaver's own database."),
    ] = False,
    config: ConfigOption = None,
    as_json: JsonOption = False,
) -> None:
    """Count what a capture of Bluesky's stream holds of your hashtags, as Weaver would live.

    The facts go into a scratch database that is gone afterwards, and nothing is done about them.
    With --into they are kept, and what follows from them is done at the next run.
    """
    if into and tags is not None:
        raise UserError("--into tells your communities about their own hashtags; leave --tags out")
    from bot import replay as passes

    if into:
        tally = passes.replay_into(settings_from(config), file)
    else:
        tally = passes.replay(file, _hashtags(tags, config))
    if as_json:
        typer.echo(json.dumps(asdict(tally)))
        return
    typer.echo(
        f"{tally.events:,} events, {tally.posts:,} posts: {tally.tagged:,} tagged, "
        f"{tally.replies:,} replies in their threads, {tally.deletes:,} deletes of theirs."
    )
    if tally.malformed:
        typer.echo(f"{tally.malformed:,} lines were no events of Jetstream's and were let be.")
    typer.echo(f"It took {tally.seconds:.1f} seconds of computing.")


def _hashtags(tags: Path | None, config: Path | None) -> list[str]:
    """The hashtags of the file, or else of the communities."""
    from bot import replay as passes

    if tags is not None:
        return passes.hashtags_in(tags)
    settings = settings_from(config)
    if not (found := passes.hashtags_of(settings)):
        raise UserError(f"{settings.source}: no community has a hashtag on Bluesky; give --tags")
    return found
