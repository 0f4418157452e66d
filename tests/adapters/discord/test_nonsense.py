"""Whatever Discord sends, Weaver goes on listening, and no traceback reaches a channel."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from tests.adapters.discord.village import Village
from tests.fakediscord import malformed
from tests.fakediscord.server import FakeDiscord


@pytest.fixture
def village(discord: FakeDiscord, hurried: None, tmp_path: Path) -> Iterator[Village]:
    village = Village(discord, tmp_path)
    yield village
    village.ends()


def still_listens(village: Village) -> None:
    """Hold that the next message is heard, and that nothing was said to anybody."""
    message = village.hana.says(village.tea, "Is Weaver still here?")
    village.waits_until(lambda: village.logged(message))
    village.is_quiet()
    assert not village.tea.by_bot
    assert not village.lobby.by_bot
    assert not village.shed.by_bot


def test_nonsense_of_every_kind_ends_nothing(village: Village) -> None:
    village.starts()
    gateway = village.discord.gateway

    for kind in malformed.KINDS:
        for each in malformed.nonsense(kind):
            village.discord.do(partial(gateway.send_event, *each))

    still_listens(village)
    assert gateway.identifies == 1, "the line stayed open"


def test_what_is_not_even_an_event_ends_no_more_than_the_line(village: Village) -> None:
    village.starts()
    gateway = village.discord.gateway

    for frame in (*malformed.FRAMES, {"op": 0, "t": "GUILD_TEA_PARTY", "s": 7, "d": {}}):
        village.waits_until(gateway.connected)
        village.discord.do(partial(gateway.send_raw, frame))
        still_listens(village)


def test_an_event_that_lost_any_field_is_read_or_passed_over(village: Village) -> None:
    village.starts()
    gateway = village.discord.gateway

    for kind in ("MESSAGE_CREATE", "GUILD_MEMBER_ADD", "THREAD_CREATE", "INTERACTION_CREATE"):
        for each in malformed.spoilt(_whole(village, kind)):
            village.discord.do(partial(gateway.send_event, kind, each))

    message = village.hana.says(village.tea, "Is Weaver still here?")
    village.waits_until(lambda: village.logged(message))
    assert gateway.identifies == 1, "the line stayed open"
    assert not [said for said in _said(village) if "Traceback" in said or "Error" in said]
    # who cannot be told apart cannot be answered: Discord does not know such interactions either
    answers = "/interactions/{interaction_id}/{interaction_token}/callback"
    village.discord.violations[:] = [
        each for each in village.discord.violations if answers not in each
    ]


def _said(village: Village) -> list[str]:
    places = (village.lobby, village.tea, village.shed)
    return [message.content for place in places for message in place.by_bot]


def _whole(village: Village, kind: str) -> dict[str, Any]:
    """Catch an event of a kind as it travels when all is well."""
    caught: list[dict[str, Any]] = []
    tell = village.discord.world.tell

    def catch(told: str, data: dict[str, Any], *where: str | None) -> None:
        if told == kind:
            caught.append(data)

    village.discord.world.tell = catch
    hana, asker = village.hana, village.discord.interactions
    if kind == "MESSAGE_CREATE":
        hana.says(village.tea, "Roses.")
    elif kind == "GUILD_MEMBER_ADD":
        village.discord.person("Cara").joins(village.garden)
    elif kind == "THREAD_CREATE":
        hana.starts_thread(village.tea, "Roses")
    else:
        hana.runs(village.tea, "help")
        asker.forgive()
    village.discord.world.tell = tell
    return caught[0]
