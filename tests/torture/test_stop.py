"""Stopping in peace, and starting where somebody else already is."""

import socket
import time
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path

import pytest

from tests.torture.process import UNRELIABLE, House, Running, house_in, until

OPEN = "SELECT count(*) FROM core_ledger WHERE state IN ('todo', 'sending')"
SENDING = "SELECT key FROM core_ledger WHERE state = 'sending'"
DONE = "SELECT key FROM core_ledger WHERE state = 'done' AND kind != 'Undo'"


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with house_in(tmp_path) as house:
        yield house


def slow(house: House, seconds: str) -> Running:
    return house.start(
        *UNRELIABLE, TORTURE_SEED="slow", TORTURE_FAULTS="0", TORTURE_SLOWNESS=seconds
    )


def said(running: Running) -> list[str]:
    return [line for line in running.said.read_text().splitlines() if line.startswith("weaver:")]


def test_sigterm_lets_finish_what_is_in_flight_and_claims_nothing_more(house: House) -> None:
    before = house.start().ready()
    until(lambda: house.memory(DONE) and house.memory(OPEN) == [(0,)], what="the story to be told")
    assert before.stop() == 0
    running = slow(house, "2").ready()
    for number in range(4):
        running.send("join", name=f"Guest {number}")
    until(lambda: house.memory(SENDING), what="an act to be in flight")
    in_flight, done = set(house.memory(SENDING)), set(house.memory(DONE))

    assert running.stop() == 0

    assert set(house.memory(DONE)) == done | in_flight
    assert house.memory(SENDING) == []
    assert house.memory(OPEN) == [(4 - len(in_flight),)], "what was in the queue stays there"


def test_what_stayed_queued_is_done_at_the_next_start(house: House) -> None:
    running = slow(house, "0.5").ready()
    for number in range(3):
        running.send("join", name=f"Guest {number}")
    assert running.stop() == 0

    again = house.start().ready()
    until(lambda: house.memory(OPEN) == [(0,)], what="the rest to be done")
    assert again.stop() == 0

    greetings = house.world("SELECT act FROM post WHERE act LIKE 'welcome:%'")
    assert len(greetings) == len(set(greetings)) == 3


def test_sigterm_ends_it_soon_while_a_page_listens(house: House) -> None:
    running = house.start().ready()
    assert running.address
    page = HTTPConnection(running.address, timeout=10)
    page.request("GET", "/sandbox/events", headers={"Accept": "text/event-stream"})
    stream = page.getresponse()
    assert stream.status == 200
    began = time.monotonic()

    assert running.stop() == 0

    assert time.monotonic() - began < 10
    stream.read()
    page.close()


def test_sigterm_ends_it_while_the_clock_moves(house: House) -> None:
    running = slow(house, "0.8").ready()
    assert running.address
    page = HTTPConnection(running.address, timeout=30)
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    page.request("POST", "/sandbox/clock", "to=2026-06-30T12:00", form)
    until(lambda: house.memory(SENDING), what="an act to be in flight")

    assert running.stop() == 0
    assert house.memory(SENDING) == []
    page.close()


def test_two_on_one_folder_are_refused_by_name(house: House) -> None:
    first = house.start().ready()

    second = house.start()

    assert second.process.wait(20) == 2
    [line] = said(second)
    assert str(first.process.pid) in line
    assert str(house.folder) in line
    assert first.send("join", name="Priya") == "priya", "the first goes on"
    assert first.stop() == 0


def test_a_port_in_use_is_refused_and_never_swapped_for_another(house: House) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        running = house.start(WEAVER_PORT=port)
        assert running.process.wait(20) == 2

    [line] = said(running)
    assert port in line
    assert "WEAVER_PORT" in line


def test_after_a_kill_the_folder_can_be_taken_again(house: House) -> None:
    house.start().ready().kill()

    assert house.start().ready().stop() == 0


def test_a_damaged_world_is_refused_in_one_line(house: House) -> None:
    (house.folder / "sandbox.db").write_bytes(b"no database at all, but long enough to be one" * 99)
    before = (house.folder / "sandbox.db").read_bytes()

    running = house.start()

    assert running.process.wait(20) == 2
    [line] = said(running)
    assert "sandbox.db" in line
    assert "Traceback" not in running.said.read_text()
    assert (house.folder / "sandbox.db").read_bytes() == before
