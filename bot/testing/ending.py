"""Stop what a harness started, when it is told to or when nobody holds the harness any more."""

from __future__ import annotations

import asyncio
import atexit

from bot.kernel.weaver import Weaver

_late: list[tuple[asyncio.Runner, Weaver]] = []
"""What could not be stopped when its harness went."""


def stop(runner: asyncio.Runner, weaver: Weaver) -> None:
    """Stop a Weaver and its loop: now, or later where another loop runs meanwhile.

    A harness that is part of a circle goes when the garbage collector comes, which may be in the
    middle of another test's loop, and no loop can run inside one.
    """
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        runner.run(weaver.stop())
        runner.close()
        weaver.database.close()
    else:
        _late.append((runner, weaver))


@atexit.register
def stop_late() -> None:
    """Stop what is still to be stopped."""
    waiting = list(_late)
    _late.clear()
    for runner, weaver in waiting:
        stop(runner, weaver)
