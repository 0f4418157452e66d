"""The story of the sandbox, played in a real browser against a real `weaver run`.

WEAVER_PICTURE=1 also takes the picture for the README.
"""

import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.conftest import REPOSITORY
from tests.torture.process import House, Running, house_in, until

PICTURE = REPOSITORY / "docs" / "sandbox.png"
QUESTION = "Does anybody have a first task for similar triangles?"
LEFT = "Counting in groups went so well that we forgot the time."
SCHEDULE = (
    'chats schedule "today 6:28 pm" "Mistakes we kept" minutes:30 '
    "Which mistake taught your class the most? / What will you try next?"
)
ANSWER = "A1 Adding the tops and the bottoms. Half of them could say why it felt right."


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with house_in(tmp_path) as house:
        yield house


@pytest.fixture
def running(house: House) -> Running:
    return house.start().ready()


class Visitor:
    """Somebody in front of the page, who reads and clicks; without script they reload."""

    def __init__(self, page: Page, running: Running, *, script: bool = True) -> None:
        self.page, self.running, self._script = page, running, script

    def be(self, person: str, place: str = "") -> None:
        """Look at the page as one of the people."""
        where = f"&place={place}" if place else ""
        self.page.goto(f"http://{self.running.address}/sandbox?me={person}{where}")

    def sees(self, what: Locator) -> Locator:
        """Wait until something shows."""
        if not self._script:
            until(lambda: what.count() or not self.page.reload(), what=str(what))
        expect(what).to_be_visible()
        return what

    def misses(self, what: Locator) -> None:
        """Wait until something is gone."""
        if not self._script:
            until(lambda: not what.count() or not self.page.reload(), what=str(what))
        expect(what).to_have_count(0)

    def post(self, words: str) -> Locator:
        """The post with these words, and all that hangs from it."""
        return self.page.locator("li[data-key^=thread-] > article.post", has_text=words)

    def joins(self, name: str) -> None:
        """Let somebody new join."""
        self.page.get_by_text("Someone new joins").click()
        self.page.get_by_label("What are they called?").fill(name)
        self.page.get_by_role("button", name="Join").click()

    def says(self, words: str, tag: str) -> Locator:
        """Post with a tag."""
        self.page.locator("#say").fill(words)
        self.page.get_by_label(f"#{tag}").check()
        self.page.get_by_role("button", name="Post as").click()
        return self.sees(self.post(words))

    def asks(self, words: str) -> None:
        """Ask Weaver."""
        self.page.locator("#ask").fill(words)
        self.page.get_by_role("button", name="Ask as").click()

    def opens(self, inside: Locator, summary: str) -> None:
        """Open one of the page's folds."""
        inside.locator("summary", has_text=summary).first.click()

    def why(self, act: Locator) -> Locator:
        """Open an act's reason."""
        self.opens(act, "why?")
        return act.locator(".why")

    def moves_the_clock(self) -> None:
        """Move it to the next thing due."""
        before = self.page.locator("#now").get_attribute("datetime")
        self.page.locator("[data-upcoming] [data-clock]").first.click()
        expect(self.page.locator("#now")).not_to_have_attribute("datetime", before or "")

    def moves_the_clock_until(self, words: str) -> Locator:
        """Move it from one thing due to the next until something is said."""
        for _ in range(6):
            self.moves_the_clock()
            if self.post(words).count():
                break
        return self.sees(self.post(words))

    def replies(self, to: Locator, words: str) -> None:
        """Answer a post."""
        self.opens(to, "Reply")
        to.locator("textarea").first.fill(words)
        to.get_by_role("button", name="Reply as").first.click()
        self.sees(to.get_by_text(words))

    def deletes(self, post: Locator) -> None:
        """Delete one's own post."""
        self.opens(post, "Delete")
        post.get_by_role("button", name="Delete it").click()

    def pulse(self) -> tuple[int, int]:
        """How many of how many posts the pulse says were replies."""
        words = self.page.locator("[data-panel=pulse]").inner_text()
        found = re.search(r"(\d+) of (\d+) posts this week (?:were replies|was a reply)", words)
        assert found, words
        return int(found[1]), int(found[2])

    def stream(self) -> list[tuple[str | None, str]]:
        """All that was said, as it stands on the page."""
        posts = self.page.locator("[data-post]").all()
        return [(post.get_attribute("data-post"), post.inner_text()) for post in posts]


def greet_somebody_new(visitor: Visitor) -> None:
    visitor.be("wen")
    visitor.joins("Priya")

    hello = visitor.sees(visitor.post("Hello Priya, good to have you here."))
    expect(hello).to_have_count(1)
    expect(hello).to_contain_text("#TallyMathMS for middle school")
    expect(visitor.why(hello)).to_contain_text("It says hello once")


def pass_on_who_said_yes(visitor: Visitor) -> None:
    visitor.be("wen")
    post = visitor.says(QUESTION, "TallyMathHS")

    passed = visitor.sees(post.locator("[data-kind=Repost][data-state=done]"))
    expect(passed).to_contain_text("to the people who follow #TallyMathHS")
    expect(visitor.why(passed)).to_contain_text("its author has said yes")
    visitor.be("wen", "TallyMathHS")
    expect(visitor.post(QUESTION)).to_have_count(1)


def leave_alone_who_said_no(visitor: Visitor) -> None:
    visitor.be("joel")
    post = visitor.says(LEFT, "TallyMathElem")

    left = visitor.sees(post.locator("[data-kind=LeaveAlone]"))
    expect(left).to_contain_text("Weaver left this where it is.")
    expect(visitor.why(left)).to_contain_text("they have not chosen it")
    visitor.be("joel", "TallyMathElem")
    expect(visitor.post(LEFT)).to_have_count(0)


def plan_a_chat(visitor: Visitor) -> None:
    visitor.be("adaeze")
    visitor.asks(SCHEDULE)
    visitor.sees(visitor.page.get_by_text("Planned as chat 2"))


def hold_the_chat(visitor: Visitor) -> None:
    visitor.be("priya")
    question = visitor.moves_the_clock_until("Q1 Which mistake taught your class the most?")

    expect(question).to_have_count(1)
    replies, posts = visitor.pulse()
    visitor.replies(question, ANSWER)
    counted = re.compile(f"{replies + 1} of {posts + 1} posts")
    visitor.sees(visitor.page.locator("[data-panel=pulse]", has_text=counted))


def take_a_deleted_post_back(visitor: Visitor) -> None:
    visitor.be("wen")
    visitor.deletes(visitor.post(QUESTION))

    visitor.misses(visitor.post(QUESTION))
    visitor.be("wen", "TallyMathHS")
    expect(visitor.post(QUESTION)).to_have_count(0)
    visitor.page.goto(f"http://{visitor.running.address}/sandbox/ledger?me=wen")
    undone = visitor.page.locator("[data-kind=Repost][data-state=undone]")
    visitor.sees(undone)
    expect(undone).to_contain_text("took it back")


def test_the_story_of_a_small_community(page: Page, running: Running) -> None:
    visitor = Visitor(page, running)

    plan_a_chat(visitor)
    greet_somebody_new(visitor)
    pass_on_who_said_yes(visitor)
    leave_alone_who_said_no(visitor)
    hold_the_chat(visitor)
    take_a_picture(visitor)
    take_a_deleted_post_back(visitor)


def test_the_story_without_javascript(browser: Browser, running: Running) -> None:
    context = browser.new_context(java_script_enabled=False)
    visitor = Visitor(context.new_page(), running, script=False)

    plan_a_chat(visitor)
    greet_somebody_new(visitor)
    pass_on_who_said_yes(visitor)
    hold_the_chat(visitor)
    take_a_deleted_post_back(visitor)
    context.close()


def test_a_post_is_written_by_keyboard_alone(page: Page, running: Running) -> None:
    visitor = Visitor(page, running)
    visitor.be("wen")

    tab_to(page, "#say")
    page.keyboard.type("Written without a mouse.")
    tab_to(page, "#tag-TallyMathMS")
    page.keyboard.press("Space")
    tab_to(page, ".composer button")
    page.keyboard.press("Enter")

    post = visitor.sees(visitor.post("Written without a mouse. #TallyMathMS"))
    passed = visitor.sees(post.locator("[data-kind=Repost]"))
    tab_to(page, "[data-kind=Repost] summary")
    page.keyboard.press("Enter")
    expect(passed.locator(".why")).to_have_attribute("open", "")


def tab_to(page: Page, wanted: str) -> None:
    for _ in range(80):
        page.keyboard.press("Tab")
        if page.evaluate("wanted => document.activeElement.matches(wanted)", wanted):
            return
    pytest.fail(f"{wanted} cannot be reached with the Tab key")


def test_nothing_is_wider_than_a_phone(page: Page, running: Running) -> None:
    page.set_viewport_size({"width": 320, "height": 640})
    visitor = Visitor(page, running)

    plan_a_chat(visitor)
    greet_somebody_new(visitor)
    pass_on_who_said_yes(visitor)
    hold_the_chat(visitor)

    for path in ("/sandbox", "/sandbox?me=adaeze", "/sandbox/ledger", "/sandbox?place=hosts"):
        page.goto(f"http://{running.address}{path}")
        page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, path


def test_after_a_restart_the_page_shows_the_same(
    page: Page, house: House, running: Running
) -> None:
    visitor = Visitor(page, running)
    greet_somebody_new(visitor)
    pass_on_who_said_yes(visitor)
    visitor.be("wen")
    before = visitor.stream()
    page.goto("about:blank")
    assert running.stop() == 0

    visitor.running = house.start().ready()
    visitor.be("wen")

    assert len(before) > 10
    assert visitor.stream() == before


def take_a_picture(visitor: Visitor) -> None:
    """Show the moment at which most can be seen, with one reason open, as a newcomer reads it."""
    if os.environ.get("WEAVER_PICTURE") != "1":
        return
    page = visitor.page
    page.emulate_media(color_scheme="light")
    page.set_viewport_size({"width": 1200, "height": 800})
    visitor.be("priya")
    visitor.why(visitor.post(LEFT))
    top = page.evaluate("document.querySelector('#live').getBoundingClientRect().top + scrollY")
    part = {"x": 0, "y": top - 24, "width": 1200, "height": 1500}
    page.screenshot(path=PICTURE, full_page=True, clip=part)
    assert PICTURE.stat().st_size < 300_000
