"""Pages for everybody: under the public address they are all there is."""

import json
from collections.abc import Iterator, Mapping

import pytest

from bot.web.plain import create_plain_app
from bot.web.public import Outside
from tests.web.browser import Browser
from tests.web.serving import on_a_socket, served
from tests.web.village import Village

PUBLIC = {"Host": "chats.example"}


@pytest.fixture
def page(village: Village) -> Iterator[Browser]:
    """The pages of a Weaver that people reach at an address of their own."""
    with served(village, "https://chats.example/") as address:
        yield Browser(address)


@pytest.mark.parametrize(
    ("path", "says"),
    [
        ("/chats/tally", "all"),
        ("/chats/tally/2", "2"),
        ("/chats/tally/2/2026-05-12", "2/2026-05-12"),
    ],
)
def test_a_page_for_everybody_is_where_it_is_said_to_be(
    page: Browser, path: str, says: str
) -> None:
    found = page.get(path)

    assert found.status == 200
    assert f"<h1>{says} at https://chats.example/</h1>" in found.text
    assert "me no transcript" in found.text
    assert found.headers["Cache-Control"] == "no-store"
    assert found.headers["X-Robots-Tag"] == "noarchive"


@pytest.mark.parametrize("path", ["/chats/nobody", "/chats/tally/9", "/chats/tally/2/2026-05-13"])
def test_a_page_that_is_not_there_says_so(page: Browser, path: str) -> None:
    found = page.get(path)

    assert found.status == 404
    assert "There is no such chat here" in found.text


@pytest.mark.parametrize(
    "path", ["/chats/tally", "/calendar.ics", "/static/public.css", "/icon.svg"]
)
def test_what_is_for_everybody_is_at_the_public_address(page: Browser, path: str) -> None:
    assert page.get(path, headers=PUBLIC).status == 200


@pytest.mark.parametrize("path", ["/", "/sandbox", "/sandbox/ledger", "/sandbox/fragment"])
def test_nothing_else_is(page: Browser, path: str) -> None:
    assert page.get(path, headers=PUBLIC).status == 421


@pytest.mark.parametrize("path", ["/chats/tally", "/sandbox", "/sandbox/ledger"])
def test_every_page_says_whom_to_turn_to(page: Browser, path: str) -> None:
    assert '<a href="mailto:hana@tally.example">hana@tally.example</a>' in page.get(path).text


@pytest.mark.parametrize(
    ("contact", "shown"),
    [
        ("https://tally.example/who", '<a href="https://tally.example/who">'),
        ("@hana.tally.example", "A person looks after it: @hana.tally.example"),
        ("", "people wrote them.</p>"),
    ],
)
def test_a_way_to_a_person_is_a_link_where_it_can_be(
    village: Village, contact: str, shown: str
) -> None:
    app = create_plain_app(village.ledger, ["Tally"], outside=Outside(contact=contact))
    with on_a_socket(app) as address:
        page = Browser(address)
        assert shown in page.get("/chats/tally").text
        front = page.get("/").text
    assert ("A person looks after this bot" in front) == bool(contact)
    assert contact in front


def test_other_programs_are_answered_at_the_public_address_alone(
    village: Village, caplog: pytest.LogCaptureFixture
) -> None:
    asked: list[object] = []

    def answer(query: Mapping[str, str]) -> tuple[int, dict[str, object]]:
        asked.append(query)
        return (200 if query else 400), {"said": dict(query)}

    path = "/xrpc/app.bsky.feed.getFeedSkeleton"
    outside = Outside("https://chats.example/", answers={path: answer})
    with on_a_socket(create_plain_app(village.ledger, ["Tally"], outside=outside)) as address:
        page = Browser(address)
        secret = {"Authorization": "Bearer somebody"}
        found = page.get(f"{path}?feed=a&limit=3", headers=PUBLIC | secret)
        assert page.get(path, headers=PUBLIC).status == 400
        assert page.get(f"{path}?feed=a", headers={"Host": "other.example"}).status == 421
        assert page.get("/xrpc/app.bsky.feed.getFeed", headers=PUBLIC).status == 404
        assert page.get("/.well-known/other", headers=PUBLIC).status == 421

    assert json.loads(found.text) == {"said": {"feed": "a", "limit": "3"}}
    assert found.headers["Cache-Control"] == "no-store"
    assert found.headers["Content-Type"].startswith("application/json")
    assert asked == [{"feed": "a", "limit": "3"}, {}]
    assert not caplog.records, "nothing is kept about who reads"
