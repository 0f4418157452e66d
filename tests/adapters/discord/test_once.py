"""Each act comes about once, whatever Discord answers and whenever Weaver starts anew."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from bot.domain.actions import Action, Undo
from bot.domain.ports import Delivery, Rejected
from tests.adapters.contract import WHY, account_of
from tests.adapters.discord.grounds import DiscordGrounds
from tests.adapters.discord.writes import WRITES, write
from tests.fakediscord.faults import AFTER, BEFORE, BUSY, CUT
from tests.fakediscord.server import FakeDiscord

FAULTS = (BUSY, BEFORE, AFTER, CUT)
MOST = 6
"""Attempts, after which an act has to have come about."""
GIVES_UP = 5
"""How often the library asks by itself."""
QUICK = ("post", "post in a forum", "repost into a forum", "meeting", "thread of a post")
"""The kinds that differ most in how they are taken back; the others are tried under torture."""


@pytest.fixture
def grounds(discord: FakeDiscord, hurried: None, tmp_path: Path) -> Iterator[DiscordGrounds]:
    grounds = DiscordGrounds(discord, tmp_path)
    with grounds.loop:
        yield grounds
        grounds.closes()


class Delivering:
    """Performs as delivery does: again under the same key until it is done, maybe starting anew."""

    def __init__(self, grounds: DiscordGrounds, *, anew: bool) -> None:
        self.grounds, self.anew = grounds, anew
        self.at = grounds.discord.clock.now()

    def perform(self, action: Action, envelope: Delivery) -> str:
        """Do it, whatever comes of single attempts."""
        for attempt in range(1, MOST + 1):
            tried = Delivery(
                envelope.key,
                self.at,
                attempt,
                envelope.account,
                target=envelope.target,
                target_key=envelope.target_key,
                target_kind=envelope.target_kind,
                target_at=envelope.target_at,
            )
            try:
                return self.grounds.loop.run(self.grounds.adapter.perform(action, tried))
            except Rejected:
                raise
            except Exception:  # noqa: BLE001 - a later attempt finds out what came of it
                self._start_anew()
        raise AssertionError(f"not done after {MOST} attempts")

    def _start_anew(self) -> None:
        if self.anew:
            self.grounds.closes()
            self.grounds.adapter = self.grounds.anew()

    def do(self, action: Action) -> str:
        """Perform an act."""
        return self.perform(action, Delivery(action.key, self.at, 1, account_of(action)))

    def undo(self, action: Action, receipt: str | None) -> None:
        """Take an act back."""
        envelope = Delivery(
            "undo",
            self.at,
            1,
            account_of(action),
            target=receipt,
            target_key=action.key,
            target_kind=type(action).__name__,
            target_at=self.at,
        )
        self.perform(Undo("undo", of=action.key, why=WHY), envelope)


def courses(quick: Callable[..., bool], **others: Sequence[Any]) -> pytest.MarkDecorator:
    """Cross every kind with every fault and more; what is not quick is torture."""
    cases = [
        pytest.param(*case, marks=() if quick(*case) else pytest.mark.torture)
        for case in product(WRITES, FAULTS, *others.values())
    ]
    return pytest.mark.parametrize(("kind", "fault", *others), cases)


def _is_done_anew(_kind: str, _fault: str, going_on: bool, times: int) -> bool:
    return not going_on and times == 1


def _is_undone_unseen(kind: str, fault: str, known: bool) -> bool:
    return kind in QUICK and fault in {AFTER, CUT} and not known


@courses(_is_done_anew, going_on=[False, True], times=[1, GIVES_UP])
def test_an_act_comes_about_once(
    grounds: DiscordGrounds, kind: str, fault: str, going_on: bool, times: int
) -> None:
    made = write(kind, grounds)
    struck = grounds.discord.faults.add(fault, made.route, times=times)
    delivering = Delivering(grounds, anew=not going_on)

    receipt = delivering.do(made.action)

    assert 1 <= struck.struck <= times
    assert len(made.traces()) == made.wanted
    assert delivering.do(made.action) == receipt, "a late repetition finds it done"
    assert len(made.traces()) == made.wanted


@courses(_is_undone_unseen, known=[False, True])
def test_what_is_taken_back_is_gone_and_stays_gone(
    grounds: DiscordGrounds, kind: str, fault: str, known: bool
) -> None:
    made = write(kind, grounds)
    delivering = Delivering(grounds, anew=True)
    receipt = delivering.do(made.action)
    grounds.discord.faults.add(fault, times=1)

    delivering.undo(made.action, receipt if known else None)

    assert len(made.traces()) == made.undone
    with pytest.raises(Rejected):
        delivering.do(made.action)
    delivering.undo(made.action, receipt if known else None)
    assert len(made.traces()) == made.undone
