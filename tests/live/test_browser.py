"""The browser that `make live` brings clicks a page served here, and reaches nothing else."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from playwright.sync_api import Page, expect

PAGE = b"""<!doctype html><html lang="en"><title>A page</title>
<button onclick="fetch('/boost').then(got => got.text()).then(text => told.textContent = text)">
Boost</button><p id="told" aria-live="polite"></p></html>"""


class Site(BaseHTTPRequestHandler):
    """Serve one page with a button, and the answer to the button."""

    def do_GET(self) -> None:
        body = b"boosted" if self.path == "/boost" else PAGE
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def site() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Site) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()
        thread.join()


def test_a_button_on_a_local_page_works(page: Page, site: str) -> None:
    page.goto(site)
    page.get_by_role("button", name="Boost").click()

    expect(page.locator("#told")).to_have_text("boosted")


@pytest.mark.parametrize("elsewhere", ["http://weaver.example/", "http://192.0.2.1/"])
def test_the_browser_reaches_no_other_machine(page: Page, site: str, elsewhere: str) -> None:
    failed: list[str] = []
    page.on("requestfailed", lambda request: failed.append(request.url))
    page.goto(site)

    reached = page.evaluate("url => fetch(url).then(() => true, () => false)", elsewhere)

    assert not reached
    assert failed == [elsewhere]
