"""The page about many archives in a browser: it fits any screen, and axe has nothing to say."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page
from typer.testing import CliRunner

from bot.cli.commands import cli
from tests.audit.formats import Said, mbox, tags

START, WEEK = 1_580_000_000, 7 * 86_400
LONG = "a-list-for-teachers-of-functional-skills-in-all-the-colleges-of-the-north"


def talk(weeks: int) -> list[Said]:
    return [
        Said(
            week * 100 + number,
            1 + (week * number) % 14,
            START + week * WEEK + number * 900,
            "reply" if number % 3 and week < weeks - 4 else "original",
        )
        for week in range(weeks)
        for number in range(5 if week == 7 else 14)
    ]


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sector")
    (folder / "year.csv").write_bytes(tags(talk(60)))
    (folder / f"{LONG}.mbox").write_bytes(mbox(talk(20)))
    (folder / "few.csv").write_bytes(tags(talk(1)[:4]))
    out = folder / "out.html"
    ran = CliRunner().invoke(cli, ["audit", str(folder), "--report", str(out)])
    assert ran.exit_code == 0, ran.output
    return out


@pytest.fixture(params=[(320, "light"), (320, "dark"), (1280, "light"), (1280, "dark")])
def shown(request: pytest.FixtureRequest, browser: Browser, report: Path) -> Iterator[Page]:
    width, scheme = request.param
    size = {"width": width, "height": 900}
    context = browser.new_context(viewport=size, color_scheme=scheme)
    page = context.new_page()
    page.set_content(report.read_text("utf-8"))
    yield page
    context.close()


def test_it_fits_and_axe_is_silent_with_everything_open(shown: Page) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    shown.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")

    found = axe.run(shown).response["violations"]

    assert [(one["id"], [node["html"] for node in one["nodes"]]) for one in found] == []
    assert shown.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_one_width_of_each_chart_is_shown(shown: Page) -> None:
    width = shown.viewport_size["width"] if shown.viewport_size else 0
    there, hidden = ("wide", "narrow") if width > 700 else ("narrow", "wide")
    assert shown.locator(f".chart--{there}:visible").count() == 2
    assert shown.locator(f".chart--{hidden}:visible").count() == 0


def test_on_paper_it_is_dark_on_white(shown: Page) -> None:
    shown.emulate_media(media="print")
    body = "getComputedStyle(document.body)"
    assert shown.evaluate(f"{body}.backgroundColor") == "rgba(0, 0, 0, 0)"
    assert shown.evaluate("getComputedStyle(document.documentElement).colorScheme") == "light"
    assert shown.evaluate(f"{body}.color") == "rgb(23, 32, 46)"
