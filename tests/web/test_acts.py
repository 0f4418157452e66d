"""What Weaver did stands where it belongs, says why, and can be taken back."""

from bot.domain.actions import Button, Picture
from tests.web.browser import Browser
from tests.web.village import CHAT, HOSTS, Village


def test_what_was_passed_on_says_so_and_why(page: Browser) -> None:
    shown = page.submit("post", {"me": "wen", "place": "tallymath", "text": "Help #TallyMathHS"})

    act = shown.part(data_act="k1")
    assert (act["data-kind"], act["data-state"]) == ("Repost", "done")
    assert "Weaver passed this on to the people who follow #TallyMathHS." in shown.text
    assert "The tag asks for it, and is standing permission." in shown.text
    assert "a rule of “amplify”" in shown.text


def test_what_was_left_alone_says_so_and_why(page: Browser) -> None:
    shown = page.submit("post", {"me": "joel", "place": "tallymath", "text": "Mine #TallyMathHS"})

    assert shown.part(data_kind="LeaveAlone")
    assert "Weaver left this where it is." in shown.text
    assert "Asked not to be passed on." in shown.text


def test_an_audience_shows_what_was_passed_on_to_it(page: Browser) -> None:
    page.submit("post", {"me": "wen", "place": "tallymath", "text": "Help #TallyMathHS"})
    page.submit("post", {"me": "wen", "place": "tallymath", "text": "Elsewhere"})

    shown = page.get("/sandbox?place=tallymathhs")

    assert [part["data-post"] for part in shown.parts if "data-post" in part] == ["1"]


def test_an_act_is_taken_back(page: Browser) -> None:
    page.submit("post", {"me": "wen", "place": "tallymath", "text": "Help #TallyMathHS"})

    shown = page.submit("undo", {"me": "wen", "key": "k1"})

    assert shown.part(data_act="k1")["data-state"] == "undone"
    assert "Weaver passed this on, and took it back." in shown.text
    assert "Take it back" not in shown.text


def test_an_act_that_left_nothing_cannot_be_taken_back(page: Browser, village: Village) -> None:
    village.ledger.write("SendPost", "dead", "A host planned it.")

    answer = page.call("undo", {"me": "wen", "key": "k1"})

    assert answer.status == 400
    assert "act 1 was given up" in answer.json["error"]


def test_acts_without_a_place_in_the_stream_are_found_in_the_ledger(
    page: Browser, village: Village
) -> None:
    village.ledger.write(
        "NotifyHosts",
        "dead",
        "Six of 40 posts were replies.",
        plugin="pulse",
        text="One in seven",
        attempts=8,
        error="no space for hosts",
    )

    assert "with 1 that did not go out" in page.get().text
    ledger = page.get("/sandbox/ledger")
    assert ledger.part(data_act="k1")["data-state"] == "dead"
    for words in ("Weaver could not tell the hosts, and gave up.", "8 times", "no space for hosts"):
        assert words in ledger.text


def test_the_ledger_shows_which_post_an_act_is_about(page: Browser) -> None:
    page.submit("post", {"me": "wen", "place": "tallymath", "text": "Help #TallyMathHS"})

    ledger = page.get("/sandbox/ledger?me=wen")

    assert "what Wen said" in ledger.text
    assert "Take it back" in ledger.text


def test_taking_back_in_the_ledger_leads_back_to_the_ledger(page: Browser) -> None:
    page.submit("post", {"me": "wen", "place": "tallymath", "text": "Help #TallyMathHS"})

    sent = page.send("undo", {"me": "wen", "key": "k1", "from": "ledger"})

    assert sent.headers["Location"] == "/sandbox/ledger?me=wen#act-1"


def test_an_act_that_waits_or_failed_hangs_from_its_post_in_words(
    page: Browser, village: Village
) -> None:
    page.submit("post", {"me": "wen", "place": "lobby", "text": "Hm"})
    village.ledger.write("Repost", "todo", "The tag asks.", ref="1")
    village.ledger.write("Reply", "dead", "Somebody asked.", ref="1", attempts=8, error="away")

    shown = page.get().text

    assert "Weaver is about to pass this on." in shown
    assert "Weaver could not answer here, and gave up." in shown


DRAWING = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="3" height="2"><script>alert(1)</script></svg>'
)


def test_a_button_says_its_command_under_the_words(page: Browser, village: Village) -> None:
    says = village.weaver_says(
        HOSTS,
        "People stopped answering.",
        "A count.",
        buttons=(Button("Leave it be", "pulse mute"),),
    )

    button = page.get().part(element="button", value="@Weaver pulse mute")
    shown = page.submit("reply", {"me": "adaeze", "to": says.id, button["name"]: button["value"]})

    assert f'data-key="reply-to-{says.id}-' in shown.text
    assert "@Weaver pulse mute" in village.posts["2"].text


def test_a_picture_is_shown_with_its_words_and_can_run_nothing(
    page: Browser, village: Village
) -> None:
    says = village.weaver_says(
        HOSTS, "The last weeks.", "A count.", pictures=(Picture("Replies fell", DRAWING),)
    )

    image = page.get().part(element="img", alt="Replies fell")
    answer = page.get(image["src"])

    assert image["src"] == f"/sandbox/picture/{says.id}/0"
    assert (answer.status, answer.text) == (200, DRAWING)
    assert "sandbox" in answer.headers["Content-Security-Policy"].split("; ")
    assert answer.headers.get_content_type() == "image/svg+xml"


def test_a_picture_that_is_not_there_is_said_so(page: Browser) -> None:
    assert page.get("/sandbox/picture/7/0").status == 404


def test_a_private_word_is_shown_to_one_person(page: Browser, village: Village) -> None:
    wen = next(person for person in village.people() if person.id == "wen")
    village.weaver_says(CHAT, "A word for Wen.", "Wen asked.", reader=wen)

    assert "A word for Wen." in page.get("/sandbox?me=wen").text
    assert "to Wen alone" in page.get("/sandbox?me=wen").text
    assert "A word for Wen." not in page.get("/sandbox?me=joel").text
