"""The page shows who is here and what was said, and lets visitors have a say."""

from html import unescape

import pytest

from bot.domain.actions import Button
from bot.domain.pages import Offer, Panel
from tests.web.browser import Browser
from tests.web.village import CHAT, HOSTS, Village


def test_the_first_address_leads_to_the_sandbox(page: Browser) -> None:
    assert page.get("/").headers["Location"] == "/sandbox"


def test_the_page_shows_who_lives_here_and_where_they_talk(page: Browser) -> None:
    shown = page.get()

    assert shown.status == 200
    assert [part["data-person"] for part in shown.parts if "data-person" in part] == [
        "tomasz",
        "wen",
        "joel",
        "adaeze",
    ]
    assert {part["data-place"] for part in shown.parts if "data-place" in part} >= {"lobby", "chat"}


def test_the_visitor_is_whoever_came_first_until_they_choose(page: Browser) -> None:
    assert "checked" in page.get().part(id="me-tomasz")
    assert "checked" in page.get("/sandbox?me=wen").part(id="me-wen")


def test_somebody_new_is_who_the_visitor_becomes_and_is_greeted(page: Browser) -> None:
    shown = page.submit("join", {"name": "Priya"})

    assert "checked" in shown.part(id="me-priya")
    assert "Hello Priya, good to have you here." in shown.text


def test_a_name_that_nobody_has_is_suggested(page: Browser) -> None:
    page.submit("join", {"name": "Noor"})

    assert page.get().part(id="name")["value"] == "Ines"


def test_a_post_stands_on_the_page_that_follows(page: Browser) -> None:
    sent = page.send("post", {"me": "wen", "place": "chat", "text": "Good evening"})

    assert sent.status == 303
    assert sent.headers["Location"] == "/sandbox?me=wen#post-1"
    assert page.get().part(data_post="1")["aria-label"].startswith("Wen")


def test_the_page_stays_where_the_visitor_was_looking(page: Browser) -> None:
    here = page.send("post", {"me": "wen", "place": "chat", "text": "Here", "view": "chat"})
    there = page.send("post", {"me": "wen", "place": "lobby", "text": "There", "view": "chat"})

    assert here.headers["Location"] == "/sandbox?me=wen&place=chat#post-1"
    assert there.headers["Location"] == "/sandbox?me=wen#post-2"


def test_a_page_of_a_place_that_is_gone_leads_to_all_that_is_said(page: Browser) -> None:
    page.submit("post", {"me": "wen", "place": "lobby", "text": "I am here."})
    answer = {"me": "joel", "to": "1", "text": "So am I."}

    assert "place=chat" in page.send("reply", answer | {"view": "chat"}).headers["Location"]
    assert "place=" not in page.send("reply", answer | {"view": "gone"}).headers["Location"]


def test_ticked_tags_are_added_once(page: Browser, village: Village) -> None:
    page.submit(
        "post",
        {
            "me": "wen",
            "place": "tallymath",
            "text": "Who knows? #tallymathms",
            "tag": ["TallyMathMS", "TallyMathHS"],
        },
    )

    assert village.posts["1"].text == "Who knows? #tallymathms #TallyMathHS"


def test_a_reply_hangs_from_its_post_and_says_whom_it_answers(page: Browser) -> None:
    page.submit("post", {"me": "wen", "place": "lobby", "text": "A question"})
    page.submit("reply", {"me": "tomasz", "to": "1", "text": "An answer"})
    shown = page.submit("reply", {"me": "wen", "to": "2", "text": "Thank you"})

    assert shown.part(data_key="reply-to-1-2")
    assert shown.part(data_key="reply-to-1-3")
    assert "to Tomasz · " in shown.text


def test_a_person_passes_on_what_another_said(page: Browser) -> None:
    page.submit("post", {"me": "wen", "place": "lobby", "text": "Worth reading"})
    shown = page.submit("repost", {"me": "tomasz", "post": "1"})

    assert "passed this on" in shown.text
    assert shown.text.count("Worth reading") == 2


def test_only_ones_own_posts_can_be_deleted(page: Browser) -> None:
    page.submit("post", {"me": "wen", "place": "lobby", "text": "Too soon"})

    assert "Delete it" in page.get("/sandbox?me=wen").text
    assert "Delete it" not in page.get("/sandbox?me=joel").text

    shown = page.submit("delete", {"me": "wen", "post": "1"})
    assert "Too soon" not in shown.text
    assert "This post was deleted." in shown.text


def test_a_command_is_said_in_the_open_and_answered(page: Browser) -> None:
    shown = page.submit("command", {"me": "wen", "text": "chats lits"})

    assert "@weaver chats lits" in shown.text
    assert "There is no command “chats lits”." in shown.text
    assert "stands in no ledger" in shown.text


def test_examples_of_commands_are_shown(page: Browser) -> None:
    assert "<code>chats list</code>" in page.get().text


def test_what_a_panel_offers_to_decide_is_said_by_whoever_presses(
    page: Browser, village: Village
) -> None:
    buttons = (Button("Pass it on", "amplify approve 3"), Button("Leave it", "amplify decline 3"))
    offer = Offer("Post 3: a link, so a host looks first.", buttons, "/sandbox#post-9")
    village.ledger.shown = [Panel("amplify", "Posts to check", "<p>1 post</p>", (offer,), True)]

    hosts = page.get("/sandbox?me=adaeze")
    assert "Post 3: a link, so a host looks first." in hosts.text
    said = [part["value"] for part in hosts.parts if part.get("value", "").startswith("amplify")]
    assert said == ["amplify approve 3", "amplify decline 3"]
    assert hosts.part(href="/sandbox#post-9")
    assert "Posts to check" not in page.get("/sandbox?me=wen").text


def test_panels_of_plugins_stand_beside_the_stream(page: Browser, village: Village) -> None:
    village.ledger.shown = [Panel("pulse", "The pulse", "<p><strong>6 of 14</strong> posts</p>")]

    assert "<p><strong>6 of 14</strong> posts</p>" in page.get().text


def test_only_hosts_speak_where_hosts_read(page: Browser) -> None:
    def speaks_in(person: str) -> list[str]:
        parts = page.get(f"/sandbox?me={person}").parts
        return [part["value"] for part in parts if part["element"] == "option"]

    assert HOSTS.id not in speaks_in("wen")
    assert HOSTS.id in speaks_in("adaeze")


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("/sandbox", "It is quiet here."),
        ("/sandbox?place=chat", "Nobody has said anything in Tuesday chat yet."),
        ("/sandbox?place=tallymathhs", "Nothing has been passed on to #TallyMathHS yet."),
        ("/sandbox", "Nothing is planned."),
        ("/sandbox/ledger", "Weaver has decided nothing yet."),
    ],
)
def test_where_nothing_is_the_page_says_so(page: Browser, address: str, words: str) -> None:
    assert words in page.get(address).text


def test_a_village_without_people_invites_the_first(page: Browser, village: Village) -> None:
    village.villagers.clear()

    shown = page.get()

    assert "Nobody lives here yet." in shown.text
    assert not [part for part in shown.parts if part.get("action") == "/sandbox/post"]


def test_every_link_leads_somewhere(page: Browser, village: Village) -> None:
    page.submit("post", {"me": "wen", "place": "lobby", "text": "Hello #TallyMathMS #other"})
    village.weaver_says(CHAT, "Good evening", "A host planned it.")
    seen: set[str] = set()
    for start in ("/sandbox?me=wen", "/sandbox/ledger?me=wen", "/sandbox?me=nobody"):
        for part in page.get(start).parts:
            address = unescape(part.get("href") or part.get("src") or "").partition("#")[0]
            if address and address not in seen and not address.startswith("mailto:"):
                assert page.get(address).status == 200, address
                seen.add(address)

    assert len(seen) > 10


def test_no_two_parts_share_an_id(page: Browser, village: Village) -> None:
    page.submit("post", {"me": "wen", "place": "lobby", "text": "Hello #TallyMathMS"})
    page.submit("reply", {"me": "wen", "to": "1", "text": "Hello again #TallyMathMS"})
    village.weaver_says(CHAT, "Good evening", "A host planned it.", reply_to="2")

    ids = [part["id"] for part in page.get().parts if "id" in part]

    assert len(ids) == len(set(ids))
