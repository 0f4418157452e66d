"""The alarm in the sandbox: hosts read it with its chart, and press what it offers."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.torture.process import House, Running, house_in

WEEKS, A_WEEK = 5, 12
BEGINS = datetime(2026, 5, 13, 12, tzinfo=UTC)
"""The day after the sandbox begins."""


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with house_in(tmp_path) as house:
        yield house


@pytest.fixture
def running(house: House) -> Running:
    """Give a sandbox in which people have posted for weeks, and nobody answered."""
    running = house.start().ready()
    for week in range(WEEKS):
        running.send("clock", to=(BEGINS + week * timedelta(weeks=1)).isoformat())
        for number in range(A_WEEK):
            who = ("tomasz", "wen", "joel", "nadia")[number % 4]
            running.send("post", me=who, place="lobby", text=f"Thought {week}.{number}")
    running.send("clock", to=(BEGINS + WEEKS * timedelta(weeks=1)).isoformat())
    return running


def test_hosts_read_the_alarm_and_press_what_it_offers(page: Page, running: Running) -> None:
    hosts = f"http://{running.address}/sandbox?me=adaeze&place=hosts"
    page.goto(hosts)
    told = page.locator("[data-post]", has_text="replies (").filter(has_text="One thing to try")
    alarm = told.filter(has_text="weekly checks running").last
    expect(alarm).to_contain_text("In Lobby, over the last four weeks, ")
    expect(alarm).to_contain_text("too few replies for that to be luck")
    chart = alarm.get_by_role("img", name="Share of posts that were replies in Lobby")
    expect(chart).to_be_visible()

    for label, answer in (
        ("We know", "Noted. The weekly note says no more of Lobby"),
        ("Quiet for 8 weeks", "Weaver says nothing of Lobby until"),
        ("This was an event", "are an event in Lobby now"),
    ):
        press(alarm, label)
        expect(page.get_by_text(answer).first).to_be_visible()
        page.goto(hosts)
    press(page.locator("[data-post]", has_text="are an event in Lobby now").last, "Undo")
    expect(page.get_by_text("count again").first).to_be_visible()


def press(post: Locator, label: str) -> None:
    """Press a button under a post's words."""
    post.get_by_role("button", name=label).first.click()
