"""The sandbox's page in a real browser: what its script keeps, and that axe has nothing to say."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from bot.domain.pages import Upcoming
from tests.web.serving import served
from tests.web.village import CHAT, LOBBY, PEOPLE, START, Village

TOMASZ, WEN = PEOPLE[:2]


@pytest.fixture
def village() -> Village:
    village = Village()
    question = village.write(LOBBY, WEN, "Anybody have an opening task for similar triangles?")
    village.write(LOBBY, TOMASZ, "Shadows, and no flagpole.", reply_to=question.id)
    village.weaver_says(CHAT, "Tonight at 7:30 pm: wrong answers worth keeping.", "Planned.")
    village.ledger.due = [Upcoming(START + timedelta(minutes=30), "The chat opens")]
    return village


@pytest.fixture
def address(village: Village) -> Iterator[str]:
    with served(village) as address:
        yield f"{address}/sandbox"


def test_what_happens_elsewhere_appears_without_a_reload(
    page: Page, village: Village, address: str
) -> None:
    page.goto(address)
    page.evaluate("window.sameDocument = true")

    village.weaver_says(LOBBY, "Hello Priya, good to have you here.", "Somebody arrived.")

    expect(page.get_by_text("Hello Priya, good to have you here.")).to_be_visible()
    expect(page.locator("#news")).to_have_text("One new post.")
    assert page.evaluate("window.sameDocument")


def test_what_the_reader_holds_stays_when_the_page_changes(
    page: Page, village: Village, address: str
) -> None:
    page.goto(f"{address}?me=wen")
    reply = page.locator('[data-post="2"] details', has_text="Reply")
    reply.locator("summary").click()
    page.locator("#say").fill("Half a thou")
    page.get_by_label("#TallyMathMS").check()
    page.locator("#reply-2").press_sequentially("Being wri")
    page.evaluate("scrollTo(0, 300)")
    page.evaluate("window.held = document.activeElement")

    village.weaver_says(LOBBY, "Something new at the top.", "A host planned it.")
    village.write(LOBBY, WEN, "And another answer before it.", reply_to="1")
    expect(page.get_by_text("And another answer before it.")).to_be_visible()
    page.keyboard.type("tten")

    expect(reply).to_have_attribute("open", "")
    expect(page.locator("#reply-2")).to_have_value("Being written")
    expect(page.locator("#say")).to_have_value("Half a thou")
    expect(page.locator("#tag-tallymathms")).to_be_checked()
    assert page.evaluate("document.activeElement === window.held")
    assert page.evaluate("scrollY") >= 300


def test_what_is_gone_goes_and_what_changed_changes(
    page: Page, village: Village, address: str
) -> None:
    page.goto(f"{address}?me=wen")
    expect(page.locator('[data-act="k1"]')).to_have_attribute("data-state", "done")

    village.ledger.change("k1", state="dead")
    expect(page.locator('[data-act="k1"]')).to_have_attribute("data-state", "dead")

    del village.posts["2"]
    village.changes += 1
    expect(page.get_by_text("Shadows, and no flagpole.")).to_have_count(0)


def test_characters_left_count_the_ticked_tags(page: Page, address: str) -> None:
    page.goto(address)
    page.locator("#say").fill("Help")
    expect(page.locator("[data-left]")).to_have_text("296 characters left")

    page.get_by_label("#TallyMathMS").check()
    expect(page.locator("[data-left]")).to_have_text("283 characters left")


def test_the_clock_is_moved_by_its_button(page: Page, address: str) -> None:
    page.goto(address)

    page.locator("[data-upcoming] [data-clock]").first.click()

    expect(page.locator("#now")).to_have_text("7:54 pm")
    expect(page.get_by_text("It is time: The chat opens")).to_be_visible()


def test_a_page_left_open_hears_again_after_the_server_came_back(
    page: Page, village: Village, address: str
) -> None:
    page.goto(address)
    page.evaluate("dispatchEvent(new Event('pagehide'))")
    village.weaver_says(LOBBY, "Said while nobody listened.", "A host planned it.")
    page.evaluate("dispatchEvent(new Event('pageshow'))")

    expect(page.get_by_text("Said while nobody listened.")).to_be_visible()


def test_everything_can_be_reached_by_keyboard(page: Page, address: str) -> None:
    page.goto(address)
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    page.keyboard.press("Enter")
    assert page.url.endswith("#main")

    reached = set()
    for _ in range(60):
        page.keyboard.press("Tab")
        reached.add(page.evaluate("document.activeElement.name || document.activeElement.tagName"))

    assert {"me", "text", "tag", "place", "to", "SUMMARY", "A"} <= reached


@pytest.mark.parametrize("width", [320, 360, 800, 1280])
def test_no_page_is_wider_than_its_window(page: Page, address: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    for path in ("", "/ledger", "?me=nobody"):
        page.goto(f"{address}{path}")
        page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_is_silent_with_everything_open(page: Page, address: str, scheme: str) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    for path in ("?me=wen", "/ledger", "?place=chat", "?me=nobody"):
        page.goto(f"{address}{path}")
        page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
        found = axe.run(page).response["violations"]
        assert not [(violation["id"], violation["nodes"][0]["html"]) for violation in found]
