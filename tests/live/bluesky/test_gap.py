"""What the stream cannot repeat is asked of the real AppView, and means the same as if told."""

import asyncio
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from itertools import count
from typing import Any

import pytest

from bot.adapters.bluesky.adapter import BlueskyAdapter
from bot.adapters.bluesky.settings import Bluesky, BlueskySettings
from bot.domain.events import Event, GapFound, PostDeleted, PostSeen
from tests.adapters.bluesky.standin import Ears, meanwhile
from tests.adapters.notebook import Notebook
from tests.live.bluesky.network import Network, Person
from tests.live.bluesky.relay import relaying
from tests.live.bluesky.town import now, posts

AN_HOUR_AGO, LONG_AGO = (str(int((time.time() - hours * 3600) * 1_000_000)) for hours in (1, 40))
"""Places to hear from; no server can repeat as much as the latter."""
_tags = count(1)


@dataclass
class Absence:
    """Somebody who was away: people, what Weaver knew of them, and what it hears on return."""

    network: Network
    tag: str = field(default_factory=lambda: f"TallyGap{next(_tags)}")
    known: list[tuple[str, str, bool]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.account = self.network.person("weaver")
        self.password = self.account.app_password()
        self.priya, self.joel = self.network.person("priya"), self.network.person("joel")

    def knew(self, person: Person, words: str) -> str:
        """Somebody posts under the tag, and Weaver hears it before it is away."""
        post = posts(person, self.tag, words)
        self.known.append((f"#{self.tag}", post, True))
        return post

    def hears(
        self, true: Callable[[list[Event]], object], *, since: int, cursor: str
    ) -> list[Event]:
        """All that is dispatched from a place on, by a server that remembers only so much."""
        ears = Ears()
        with ExitStack() as stack:
            jetstream = stack.enter_context(relaying(self.network.pds, since))
            accounts = {"weaver": {"id": self.account.handle}}
            table = {"service": self.network.pds, "accounts": accounts, "jetstream": [jetstream]}
            settings = BlueskySettings.model_validate(table)
            languages = {f"#{self.tag}": "en"}

            async def scene() -> None:
                adapter = BlueskyAdapter(
                    Bluesky(settings, {"weaver": self.password}),
                    Notebook(),
                    languages,
                    logged=lambda: self.known,
                )
                try:
                    await meanwhile(adapter.listen(ears, cursor), lambda: true(ears.heard))
                finally:
                    await adapter.close()

            asyncio.run(scene())
        return ears.heard


@pytest.fixture
def absence(full_network: Network) -> Absence:
    return Absence(full_network)


def seen(events: list[Event]) -> dict[str, PostSeen]:
    return {event.post.id: event for event in events if isinstance(event, PostSeen)}


def essence(event: PostSeen) -> tuple[Any, ...]:
    """All that Weaver keeps or decides by; when a server heard of it differs."""
    post = event.post
    where = (post.space, post.kind, post.reply_to, post.root)
    return (event.id, post.author, post.text, *where, post.tags, post.has_link)


def test_a_gap_is_filled_with_the_events_that_the_stream_would_have_made(absence: Absence) -> None:
    priya, joel = absence.priya, absence.joel
    old = absence.knew(priya, "before")
    regretted = absence.knew(joel, "soon gone")
    new = posts(joel, absence.tag, "meanwhile")
    answers = [
        priya.answers(new, "To what is new.", createdAt=now()),
        joel.answers(old, "To what was known.", createdAt=now()),
    ]
    answers.append(priya.answers(answers[1], "Deeper.", createdAt=now()))
    other = posts(joel, f"{absence.tag}ematics", "another tag")
    joel.deletes(regretted)
    since = absence.network.indexed()
    last = posts(priya, absence.tag, "after, and brought by both")
    absence.network.indexed()

    filled = absence.hears(lambda heard: last in seen(heard), since=since, cursor=LONG_AGO)
    told = absence.hears(lambda heard: last in seen(heard), since=0, cursor=AN_HOUR_AGO)

    assert set(seen(filled)) == {old, new, *answers, last}
    assert other not in seen(told)
    for post, event in seen(filled).items():
        assert essence(event) == essence(seen(told)[post])
    assert [one.post_id for one in filled if isinstance(one, PostDeleted)] == [regretted]
    [gap] = [one for one in filled if isinstance(one, GapFound)]
    assert (gap.found, gap.gone, gap.whole) == (6, 1, True)


def test_a_gap_that_nobody_can_be_asked_about_is_told_as_such(absence: Absence) -> None:
    new = posts(absence.joel, absence.tag, "meanwhile")
    since = absence.network.indexed()
    last = posts(absence.priya, absence.tag, "after")
    absence.password = "not the password"

    filled = absence.hears(lambda heard: last in seen(heard), since=since, cursor=LONG_AGO)

    assert set(seen(filled)) == {last}, f"{new} is lost"
    [gap] = [one for one in filled if isinstance(one, GapFound)]
    assert gap.found is None
