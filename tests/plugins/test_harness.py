"""A harness stops what it started, whenever it goes."""

import asyncio
import gc
import threading

from bot.testing import Harness
from plugins.welcome import plugin


def writers() -> set[threading.Thread]:
    return {one for one in threading.enumerate() if one.name == "writer"}


def test_what_a_harness_started_is_stopped_when_it_goes() -> None:
    others = writers()
    bot = Harness(plugin)
    assert len(writers() - others) == 1

    del bot

    assert not writers() - others


def test_a_harness_that_goes_while_a_loop_runs_is_stopped_before_the_next_begins() -> None:
    gc.collect()
    others = writers()
    bot = Harness(plugin)
    bot.__dict__["itself"] = bot  # a circle, which only the garbage collector opens
    del bot

    async def in_the_middle() -> set[threading.Thread]:
        gc.collect()
        return writers() - others

    [still] = asyncio.run(in_the_middle())
    following = Harness(plugin)

    assert not still.is_alive()
    assert len(writers() - others) == 1
    del following
