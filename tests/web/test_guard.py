"""The pages answer only to this machine, and only to what they asked for."""

import contextlib
import socket

import pytest

from bot.web.forms import LIMIT
from tests.web.browser import Browser
from tests.web.village import Village

SCRIPT = "<script>alert(1)</script>"
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def test_whatever_people_write_is_shown_and_never_run(page: Browser, village: Village) -> None:
    person = page.call("join", {"name": f"{SCRIPT}{'x' * 9}"}).json["id"]
    post = page.call("post", {"me": person, "place": "lobby", "text": f"{SCRIPT} #a'\"><b>"})
    page.call("reply", {"me": person, "to": post.json["id"], "text": SCRIPT})
    page.call("command", {"me": person, "text": SCRIPT})
    village.ledger.write(
        f"Kind{SCRIPT}", f"state{SCRIPT}", SCRIPT, plugin=SCRIPT, error=SCRIPT, actor=SCRIPT
    )

    for address in ("/sandbox", "/sandbox/fragment", "/sandbox/ledger", f"/sandbox?me={SCRIPT}"):
        shown = page.get(address.replace("<", "%3C").replace(">", "%3E"))
        assert SCRIPT not in shown.text
        assert "&lt;script&gt;" in shown.text
        assert "<b>" not in shown.text.replace("<b>Weaver", "").replace("<b>&lt;", "")


def test_what_was_written_is_not_lost_when_it_is_refused(page: Browser) -> None:
    refused = page.send("reply", {"me": "wen", "to": "77", "text": f"My {SCRIPT} words"})

    assert refused.status == 400
    assert "There is no post 77; it may have been deleted." in refused.text
    assert "My &lt;script&gt;" in refused.text


def test_pages_allow_nothing_from_elsewhere(page: Browser) -> None:
    for address in ("/sandbox", "/nowhere", "/static/weaver.css", "/healthz"):
        headers = page.get(address).headers
        assert set(headers["Content-Security-Policy"].split("; ")) == {
            "default-src 'self'",
            "base-uri 'none'",
            "form-action 'self'",
            "frame-ancestors 'none'",
            "object-src 'none'",
        }
        assert headers["X-Content-Type-Options"] == "nosniff"


def test_pages_carry_no_inline_script_or_style(page: Browser) -> None:
    page.submit("post", {"me": "wen", "place": "lobby", "text": "Hello #TallyMathMS"})
    for part in page.get().parts:
        assert part["element"] != "style"
        assert part["element"] != "script" or part["src"].startswith("/static/")
        assert not [name for name in part if name == "style" or name.startswith("on")]


@pytest.mark.parametrize("origin", ["https://elsewhere.example", "null", "http://127.0.0.1:1"])
def test_a_form_on_another_site_does_nothing(page: Browser, village: Village, origin: str) -> None:
    fields = {"me": "wen", "place": "lobby", "text": "Spam"}

    assert page.send("post", fields, {"Origin": origin}).status == 403
    assert not village.posts


def test_a_browser_that_hides_the_origin_is_still_told_apart(page: Browser) -> None:
    fields = {"me": "wen", "place": "lobby", "text": "Spam"}

    assert page.send("post", fields, {"Sec-Fetch-Site": "cross-site"}).status == 403
    assert page.send("post", fields, {"Sec-Fetch-Site": "same-origin"}).status == 303


def test_our_own_forms_are_taken(page: Browser) -> None:
    fields = {"me": "wen", "place": "lobby", "text": "Hello"}

    assert page.send("post", fields, {"Origin": page.address}).status == 303


@pytest.mark.parametrize(
    "host",
    [
        *("elsewhere.example", "127.0.0.1.elsewhere.example", "localhost.elsewhere.example"),
        *("10.0.0.7:8080", "192.168.1.9", "0.0.0.0", "[2001:db8::7]:8080", "[", ""),
    ],
)
def test_another_name_for_this_computer_is_refused(page: Browser, host: str) -> None:
    refused = page.get("/sandbox", {"Host": host})

    assert refused.status == 421
    assert "use http://127.0.0.1" in refused.text


@pytest.mark.parametrize("host", ["localhost:8080", "127.0.0.1", "[::1]:8080", "Weaver.example"])
def test_loopback_and_the_operators_names_are_answered(page: Browser, host: str) -> None:
    assert page.get("/sandbox", {"Host": host}).status == 200


def test_health_answers_under_any_name(page: Browser) -> None:
    healthy = page.get("/healthz", {"Host": "10.0.0.7:8080"})

    assert (healthy.status, healthy.text) == (200, "ok")


def test_a_form_that_is_too_long_is_refused(page: Browser, village: Village) -> None:
    fields = {"me": "wen", "place": "lobby", "text": "x" * (LIMIT + 1)}

    assert page.send("post", fields).status == 413
    assert not village.posts


def test_a_form_that_never_ends_is_cut_off(page: Browser) -> None:
    host, port = page.address.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=10) as line:
        line.sendall(
            b"POST /sandbox/post HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n"
        )
        with contextlib.suppress(OSError):  # it may close the door on us in mid-sentence
            for _ in range(1_000):
                line.sendall(b"4000\r\n" + b"x" * 0x4000 + b"\r\n")
        assert not still_open(line)


def still_open(line: socket.socket) -> bool:
    with contextlib.suppress(OSError):
        while line.recv(65536):
            pass
        line.sendall(b"more")
        line.sendall(b"and more")
        return True
    return False


def test_what_is_no_form_is_refused(page: Browser) -> None:
    sent = page.ask("POST", "/sandbox/post", {"Content-Type": "text/plain"}, b"me=wen")

    assert sent.status == 415


def test_a_form_of_a_thousand_fields_is_refused(page: Browser) -> None:
    sent = page.ask("POST", "/sandbox/post", FORM, b"&".join([b"tag=x"] * 1000))

    assert sent.status == 400


def test_line_ends_are_alike_and_nul_is_dropped(page: Browser, village: Village) -> None:
    page.submit("post", {"me": "wen", "place": "lobby", "text": "One\r\ntwo\0"})

    assert village.posts["1"].text == "One\ntwo"


def test_bytes_that_are_no_text_harm_nothing(page: Browser, village: Village) -> None:
    sent = page.ask("POST", "/sandbox/post", FORM, b"me=wen&place=lobby&text=%ff\xfe%00!")

    assert sent.status == 303
    assert village.posts["1"].text.endswith("!")


@pytest.mark.parametrize(
    ("deed", "fields", "status"),
    [
        ("post", {"me": "nobody", "place": "lobby", "text": "Hi"}, 404),
        ("post", {"me": "wen", "place": "nowhere", "text": "Hi"}, 404),
        ("post", {"me": "wen", "place": "lobby", "text": "  "}, 400),
        ("post", {"place": "lobby", "text": "Hi"}, 400),
        ("reply", {"me": "wen", "to": "77", "text": "Hi"}, 400),
        ("delete", {"me": "wen", "post": "77"}, 400),
        ("repost", {"me": "wen"}, 400),
        ("join", {"name": ""}, 400),
        ("command", {"me": "wen", "text": ""}, 400),
        ("undo", {"me": "wen", "key": "k77"}, 404),
        ("clock", {"to": "next"}, 400),
    ],
)
def test_a_mistake_is_told_in_words_to_people_and_programs(
    page: Browser, deed: str, fields: dict[str, str], status: int
) -> None:
    told, called = page.send(deed, fields), page.call(deed, fields)

    assert (told.status, called.status) == (status, status)
    assert called.json["error"]
    assert "Back to the sandbox" in told.text


@pytest.mark.parametrize(
    "address", ["/nowhere", "/sandbox?me=x", "/sandbox?place=x", "/static/x", "/static/../app.py"]
)
def test_an_unknown_address_leads_back_to_the_sandbox(page: Browser, address: str) -> None:
    lost = page.get(address)

    assert lost.status == 404
    assert 'href="/sandbox"' in lost.text


def test_a_deed_is_not_done_by_visiting_it(page: Browser) -> None:
    assert page.get("/sandbox/clock").status == 405


def test_programs_get_the_id_of_what_they_made(page: Browser) -> None:
    joined = page.call("join", {"name": "Priya"}).json["id"]
    post = page.call("post", {"me": joined, "place": "lobby", "text": "Hi"}).json["id"]
    reply = page.call("reply", {"me": "wen", "to": post, "text": "Hi"}).json["id"]

    assert (joined, post, reply) == ("priya", "2", "3")


def test_static_files_are_kept_under_their_mark_and_asked_about_without(page: Browser) -> None:
    sheets = [part["href"] for part in page.get().parts if part.get("rel") == "stylesheet"]

    for sheet in sheets:
        assert "immutable" in page.get(sheet).headers["Cache-Control"]
    plain = page.get("/static/weaver.css")
    assert plain.headers["Cache-Control"] == "no-cache"
    again = page.get("/static/weaver.css", {"If-None-Match": plain.headers["ETag"]})
    assert again.status == 304


def test_what_breaks_inside_is_told_without_its_insides(page: Browser, village: Village) -> None:
    village.all_places.clear()
    village.posts = None  # type: ignore[assignment]

    broken = page.get()

    assert broken.status == 500
    assert "Traceback" not in broken.text
    assert broken.headers["X-Content-Type-Options"] == "nosniff"
