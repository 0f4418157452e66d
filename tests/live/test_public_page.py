"""What anybody can read of a chat, in a real browser; a no takes words down at once."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Page, expect

from bot.kernel.record import LedgerRecord
from bot.testing import ADA, GRACE, HOST, Harness
from bot.web.plain import create_plain_app
from plugins.chats import plugin
from tests.web.serving import on_a_socket

PROMPTS = "How do your lessons begin? / Which beginning did you drop, and why? / What will you try?"


def held() -> Harness:
    """Give a Weaver after a chat in which two people said yes."""
    bot = Harness(plugin)
    bot.calls(HOST, f'chats schedule "Tuesdays 7:30 pm" "Beginnings" {PROMPTS}')
    for member in (ADA, GRACE):
        bot.calls(member, "me yes transcript")
    bot.passes_to(datetime(2026, 3, 3, 19, 32, tzinfo=UTC))
    bot.posts(ADA, "A1 With one problem from last week, on the board before they sit.", bot.chat)
    bot.posts(GRACE, "A1 At the door. Everybody gets a hello.", bot.chat)
    bot.posts(HOST, "A1 Quietly.", bot.chat)
    bot.passes_to(datetime(2026, 3, 3, 19, 42, tzinfo=UTC))
    bot.posts(GRACE, "A2 Copying the date. Nobody missed it.", bot.chat)
    bot.passes_to(datetime(2026, 3, 4, 18, 20, tzinfo=UTC))
    bot.posts(ADA, "A3 Night shift, so late: the hello at the door.", bot.chat)
    bot.passes_to(datetime(2026, 3, 6, 12, tzinfo=UTC))
    bot.calls(HOST, 'chats prompts 1 topic:"Wrong answers worth keeping" Which one? / And why?')
    return bot


@contextmanager
def shown(bot: Harness) -> Iterator[str]:
    """Serve the pages of a Weaver that has no sandbox."""
    app = create_plain_app(LedgerRecord(bot.weaver), ["The garden"])
    with on_a_socket(app) as address:
        yield address


@pytest.fixture
def apart() -> Iterator[ThreadPoolExecutor]:
    """Give a thread for Weaver's own loop, as the browser's is in this one."""
    with ThreadPoolExecutor(1) as thread:
        yield thread


@pytest.fixture
def bot(apart: ThreadPoolExecutor) -> Iterator[Harness]:
    bot = apart.submit(held).result()
    yield bot
    apart.submit(bot._close).result()


def test_a_reader_finds_the_words_of_a_chat_until_their_author_takes_them_down(
    page: Page, bot: Harness, apart: ThreadPoolExecutor
) -> None:
    with shown(bot) as address:
        page.goto(f"{address}/chats/garden")
        page.get_by_role("link", name="Tuesday chat").click()
        calendar = page.get_by_role("link", name="Put this chat into your calendar")
        assert str(calendar.get_attribute("href")).startswith("webcal://127.0.0.1:")
        page.get_by_role("link", name="Beginnings").click()

        expect(page.get_by_role("heading", name="Beginnings")).to_be_visible()
        expect(page.get_by_text("on the board before they sit")).to_be_visible()
        expect(page.get_by_text("Quietly")).to_have_count(0)

        apart.submit(bot.calls, ADA, "me no transcript").result()
        page.reload()

        expect(page.get_by_text("Everybody gets a hello")).to_be_visible()
        expect(page.get_by_text("on the board before they sit")).to_have_count(0)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_is_silent_and_nothing_scrolls_sideways(page: Page, bot: Harness, scheme: str) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    with shown(bot) as address:
        for path in ("garden", "garden/1", "garden/1/2026-03-03"):
            page.set_viewport_size({"width": 320, "height": 800})
            page.goto(f"{address}/chats/{path}")
            assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
            page.set_viewport_size({"width": 1280, "height": 800})
            found = axe.run(page).response["violations"]
            assert not [(one["id"], one["nodes"][0]["html"]) for one in found]
