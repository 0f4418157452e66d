"""A year of a weekly chat with kill -9 in one session of four: every prompt once and in order."""

import json
import random
import secrets
from contextlib import suppress
from pathlib import Path
from threading import Timer

import pytest

from tests.torture.process import Gone, House, Refused, Running, house_in, until
from tests.torture.reckoning import Counts, at_rest, chats_are_whole
from tests.torture.visitors import HOST

WEEKS, MOVES = 52, 120
HELD = "SELECT count(*) FROM chats_session WHERE state IN ('done', 'missed')"
OPEN = "SELECT count(*) FROM chats_session WHERE state = 'open'"


def count(house: House, query: str) -> int:
    found = house.memory(query)
    return int(found[0][0]) if found else 0


def live_a_week(house: House, running: Running, kill: float | None) -> Running:
    """Move from one thing due to the next until a session is over; kill in the midst of it."""
    before, killer = count(house, HELD), None
    for _ in range(MOVES):
        if count(house, HELD) > before:
            break
        if kill is not None and killer is None and count(house, OPEN):
            killer = Timer(kill, running.kill)  # and waits until it is gone
            killer.start()
        with suppress(Gone, Refused):
            running.send("clock", to="next")
        if running.process.poll() is not None:
            running = house.start().ready()
    else:
        pytest.fail(f"no session came to its end in {MOVES} moves")
    if killer is not None:
        killer.join()
        if running.process.poll() is not None:
            running = house.start().ready()
    return running


@pytest.mark.torture
def test_a_year_of_chats_outlives_kill_9_in_one_session_of_four(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    seed = secrets.token_hex(4)
    chance = random.Random(seed)
    kills = 0
    with house_in(tmp_path) as house:
        running = house.start().ready()
        for week in range(WEEKS):
            words = " / ".join(f"Week {week}, question {number}?" for number in (1, 2, 3))
            running.send("command", me=HOST, text=f"chats prompts 1 {words}")
            kill = chance.uniform(0, 0.4) if week % 4 == 2 else None
            kills += kill is not None
            running = live_a_week(house, running, kill)
        until(lambda: at_rest(house), what="everything to be done")
        assert running.stop() == 0
        counts = Counts()
        chats_are_whole(house, counts)
        states = dict(house.memory("SELECT state, count(*) FROM chats_session GROUP BY state"))
        scripts = house.memory("SELECT prompts FROM chats_session WHERE state = 'done'")

    with capsys.disabled():
        print(f"\nyear: seed {seed}, {kills} kills, {counts.prompts} questions asked, {states}")
    assert states["done"] >= WEEKS - 1
    assert sum(len(json.loads(prompts)) for (prompts,) in scripts) >= 3 * (WEEKS - 1)
