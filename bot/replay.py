"""Push a capture of Bluesky's stream through the matcher and the fact writer: ``weaver replay``.

A scratch database holds the facts while the pass lasts and is gone after it; ``into`` goes the
way of a running Weaver instead, with every handler, into the database of the settings.
"""

from __future__ import annotations

import asyncio
import gc
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

from bot.adapters.bluesky.capture import blocks_of_lines
from bot.adapters.bluesky.convert import NOBODY, PLATFORM, happenings
from bot.adapters.bluesky.jetstream import POST, Change, Reader
from bot.adapters.bluesky.matcher import Match, Matcher
from bot.adapters.bluesky.settings import read
from bot.config import Config
from bot.domain.errors import UserError
from bot.domain.events import SpaceEvent
from bot.domain.model import Community, Space
from bot.kernel import bulk, facts
from bot.kernel.house import exclusive_folder, keyring_of, open_house
from bot.kernel.provision import Provision, provision
from bot.kernel.registry import Registry
from bot.kernel.weaver import LoopBell, Weaver
from bot.kernel.writer import Job, Transaction, Work, Writer
from bot.storage.database import open_database
from bot.storage.migrate import CORE, migrate

GROUP, LIVE_GROUP = 2048, 64
"""Events to a commit: of facts alone, and with handlers."""
_SELDOM = 25_000
"""Things made and kept before Python looks for garbage among them: about a group's."""
Keep = Callable[[Sequence[SpaceEvent]], None]


@dataclass(slots=True)
class Tally:
    """What a pass found."""

    events: int = 0
    """Lines."""
    posts: int = 0
    """Posts made."""
    tagged: int = 0
    """Of these, with a tracked tag: as a facet, in its list of tags, or in its words."""
    replies: int = 0
    """Posts made in the thread of a post that was ever tracked, deleted or not."""
    deletes: int = 0
    """Deletions of posts that were ever tracked."""
    malformed: int = 0
    """Lines that were no events."""
    seconds: float = 0.0
    """CPU time of the pass."""

    def count(self, change: Change, match: Match) -> None:
        """Count a change that is some space's business."""
        if change.collection != POST:
            return
        if change.operation == "create":
            self.tagged += any(space.startswith("#") for space in match.tagged)
            self.replies += bool(match.answers)
        elif change.operation == "delete":
            self.deletes += match.tracked


def passed(
    blocks: Iterable[Sequence[bytes]],
    matcher: Matcher,
    keep: Keep,
    group: int = GROUP,
    own: Mapping[str, str] = NOBODY,
) -> Tally:
    """Take in lines from first to last; ``keep`` is given what they mean, ``group`` at a time."""
    tally, match, posts = Tally(), matcher.match, 0
    reader = Reader(may_matter=None if own else matcher.may_matter)
    waiting: list[SpaceEvent] = []
    began = time.process_time()
    for lines in blocks:
        tally.events += len(lines)
        for change in reader.changes(lines):
            if change.operation == "create" and change.collection == POST:
                posts += 1
            found = match(change)
            if found is not None:
                tally.count(change, found)
                waiting += happenings(change, found, own)
        if len(waiting) >= group:
            keep(waiting)
            waiting.clear()
    if waiting:
        keep(waiting)
    tally.seconds = time.process_time() - began
    tally.posts, tally.malformed = posts + reader.passed_over, reader.malformed
    return tally


def _sound(tally: Tally, path: Path) -> Tally:
    """Refuse what was no capture at all."""
    if tally.events and tally.malformed == tally.events:
        raise UserError(f"{path}: none of its lines is an event of Jetstream's; name a capture")
    return tally


def replay(path: Path, hashtags: Sequence[str]) -> Tally:
    """Pass a capture through a scratch database; no handler runs."""
    with scratch(hashtags) as keep:
        blocks = blocks_of_lines(path)
        return _sound(passed(blocks, Matcher(hashtags, room=None), keep), path)


@contextmanager
def scratch(hashtags: Sequence[str]) -> Iterator[Keep]:
    """A database of its own, with one community that has these hashtags; gone at the end."""
    with tempfile.TemporaryDirectory(prefix="weaver-replay-") as folder:
        database = open_database(str(Path(folder) / "weaver.db"))
        try:
            migrate(database, [CORE])
            database.hurry()
            writer, registry = Writer(database, LoopBell()), Registry({})
            spaces = tuple(Space(PLATFORM, tag, tag) for tag in hashtags)
            wanted = [Provision(Community("replay", "Replay", spaces=spaces), ())]

            def load(transaction: Transaction) -> None:
                provision(transaction, wanted, {})
                registry.load(transaction.session)

            def keep(events: Sequence[SpaceEvent]) -> None:
                _commit(writer, partial(bulk.keep, events, registry, datetime.now(UTC)))

            _commit(writer, load)
            with _unswept():
                yield keep
        finally:
            database.close()


@contextmanager
def _unswept() -> Iterator[None]:
    """Let Python look for garbage seldom, and never among what there is by now."""
    usual = gc.get_threshold()
    gc.freeze()
    gc.set_threshold(_SELDOM)
    try:
        yield
    finally:
        gc.set_threshold(*usual)
        gc.unfreeze()


def _commit(writer: Writer, work: Work[Any]) -> None:
    job = Job(work)
    writer.commit([job])
    if job.error is not None:
        raise job.error


def replay_into(config: Config, path: Path) -> Tally:
    """Pass a capture through the database of the settings, as if it were told now.

    What it leads to waits in the ledger for the next run. How far the stream itself has been read
    stays as it is.
    """
    accounts = accounts_of(config)
    with exclusive_folder(config), open_house(config) as house, asyncio.Runner() as runner:
        migrate(house.database, house.owners)
        weaver = Weaver(house.database, house.plugins, keyring_of(house), {})
        runner.run(weaver.start(house.provisions, deliver=False))
        try:
            there = (key.partition(":") for key in weaver.registry.by_space)
            hashtags = [one for name, _, one in there if name == PLATFORM and one[0] == "#"]
            matcher = Matcher(hashtags, accounts, room=None)
            with house.database.read.connect() as connection:
                matcher.recollect(facts.threads(connection, PLATFORM))

            async def told(events: Sequence[SpaceEvent]) -> None:
                await asyncio.gather(*(weaver.ring(event) for event in events))

            def keep(events: Sequence[SpaceEvent]) -> None:
                runner.run(told(events))

            blocks = blocks_of_lines(path)
            return _sound(passed(blocks, matcher, keep, LIVE_GROUP, accounts), path)
        finally:
            runner.run(weaver.stop())


def hashtags_of(config: Config) -> list[str]:
    """The hashtags on Bluesky that are spaces of the communities, each once."""
    spaces = (space for one in config.communities.values() for space in one.spaces)
    found = [one.id for one in spaces if one.platform == PLATFORM and one.id.startswith("#")]
    return list(dict.fromkeys(found))


def hashtags_in(path: Path) -> list[str]:
    """The hashtags of a file, one a line, with or without their sign; UserError if it has none."""
    try:
        lines = path.read_text("utf-8-sig").splitlines()
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise UserError(f"{path}: cannot be read ({reason}); name a file of hashtags") from None
    except UnicodeDecodeError:
        raise UserError(f"{path}: is no UTF-8 text; write one hashtag a line") from None
    bare = (line.strip().lstrip("#\uff03") for line in lines)
    found = list(dict.fromkeys(f"#{tag}" for tag in bare if tag))
    if not found:
        raise UserError(f"{path}: holds no hashtag; write one a line")
    return found


def accounts_of(config: Config) -> dict[str, str]:
    """The accounts that are spaces, by DID, where the settings name them so."""
    if config.bluesky is None:
        return {}
    accounts = read(config.bluesky, config.environment, config.source).settings.accounts
    return {one.id: name for name, one in accounts.items() if one.id.startswith("did:")}
