"""Files for other programs are at addresses that stay."""

import pytest

from tests.web.browser import Browser


@pytest.mark.parametrize(
    ("path", "asked"),
    [
        ("/calendar.ics", "/"),
        ("/calendar/tally.ics", "tally/"),
        ("/calendar/tally/2.ics", "tally/2"),
    ],
)
def test_a_calendar_is_where_it_is_said_to_be(page: Browser, path: str, asked: str) -> None:
    found = page.get(path)

    assert found.status == 200
    assert found.headers["Content-Type"] == "text/calendar; charset=utf-8"
    said, base = found.text.split()
    assert said == asked
    assert base.startswith("http://127.0.0.1:")


@pytest.mark.parametrize("path", ["/calendar/nobody.ics", "/calendar/tally/9.ics"])
def test_a_calendar_that_is_not_there_says_where_all_are(page: Browser, path: str) -> None:
    found = page.get(path)

    assert found.status == 404
    assert "all chats are at /calendar.ics" in found.text
