"""Posts that a host looks at first: told, decided, and politely let go."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.api import Member, Post, PostSeen, SendPost
from bot.testing import ADA, GRACE, HOST
from tests.plugins.amplify.conftest import Garden

Grow = Callable[..., Garden]
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
LINK = "A warm-up that my class likes a lot: https://example.org/roses #Roses"


@pytest.fixture
def bot(grow: Grow) -> Garden:
    return grow()


def notice(bot: Garden) -> SendPost:
    [found] = [action for action in bot.sent if isinstance(action, SendPost)]
    return found


def test_a_link_on_the_first_day_waits_for_a_host_and_a_button_lets_it_go(bot: Garden) -> None:
    post = bot.posts(ADA, LINK)
    assert bot.passed_on == []
    told = notice(bot)
    assert told.space == bot.hosts
    assert post.id in told.text
    assert "whom Weaver first met here today" in told.text

    pass_on = next(button for button in told.buttons if button.label == "Pass it on")
    bot.calls(HOST, pass_on.command)

    assert bot.passed_on == [post.id]
    assert "A host looked at it first." in bot.calls(ADA, f"amplify why {post.id}")


def test_the_age_of_an_account_is_a_reason_where_it_is_told_and_else_that_is_said(
    bot: Garden,
) -> None:
    bot.posts(GRACE, "I have been here for years", at=bot.now - timedelta(days=60))
    days = {"young": 6, "old": 8}
    told = {}
    for name, age in days.items():
        author = Member("fake", name, made=bot.now - timedelta(days=age))
        post = bot.posts(author, f"{name}: {LINK}")
        told[name] = bot.calls(HOST, f"amplify why {post.id}")
    untold = bot.posts(ADA, "Something else, my favourite: https://example.org/bulbs #Roses")

    assert "was made within the last week" in told["young"]
    assert "was made" not in told["old"]
    assert "its platform does not tell" not in told["young"] + told["old"]
    why = bot.calls(HOST, f"amplify why {untold.id}")
    assert "How old the account itself is, its platform does not tell." in why


def test_what_waits_stands_on_the_page_with_its_buttons_for_hosts_alone(bot: Garden) -> None:
    assert "No post waits for you. Lovely." in bot.panel()
    post = bot.posts(ADA, LINK)
    [panel] = bot.panels()
    assert panel.for_hosts
    assert "One post waits for a host before it goes on." in panel.html
    [offer] = panel.offers
    assert post.id in offer.link
    assert "whom Weaver first met here today" in offer.words
    said = [button.command for button in offer.buttons]
    assert said == [f"amplify {deed} 1" for deed in ("approve", "decline", "trust", "block")]

    bot.calls(HOST, said[0])
    bot.calls(HOST, "amplify pause Roses")
    [panel] = bot.panels()
    assert "No post waits for you. Lovely." in panel.html
    assert [button.command for offer in panel.offers for button in offer.buttons] == [
        "amplify resume Roses"
    ]


def test_members_cannot_review(bot: Garden) -> None:
    bot.posts(ADA, LINK)

    for command in ("queue", "approve 1", "decline 1", "trust 1", "block 1", "clear 1"):
        assert "is for hosts" in bot.calls(ADA, f"amplify {command}")


def test_what_a_host_leaves_stays_and_its_author_can_ask_why(bot: Garden) -> None:
    post = bot.posts(ADA, LINK)
    bot.calls(HOST, "amplify decline 1")

    assert bot.passed_on == []
    assert "A host looked at it and left it" in bot.calls(ADA, f"amplify why {post.id}")
    assert "does not wait any more" in bot.calls(HOST, "amplify approve 1")


def test_a_trusted_author_goes_through_and_what_waited_too(bot: Garden) -> None:
    first = bot.posts(ADA, LINK)
    bot.calls(HOST, "amplify trust 1")
    second = bot.posts(ADA, "Another: https://example.org/bulbs and what to do with it #Roses")
    assert bot.passed_on == [first.id, second.id]

    bot.calls(HOST, "amplify clear 1")
    bot.posts(ADA, "A third one, quite different: https://example.org/slugs #Roses")
    assert bot.passed_on == [first.id, second.id]
    assert "neither trusted nor blocked" in bot.calls(HOST, "amplify clear 1")


def test_a_blocked_author_is_taken_back_and_stays_out(bot: Garden) -> None:
    post = bot.posts(ADA, "Mildew? #Roses")
    bot.calls(HOST, "amplify block 1")
    assert bot.passed_on == []
    bot.posts(ADA, "Greenfly? #Roses")

    assert bot.reposts == [post.id]
    assert "The hosts have decided" in bot.left_alone[-1].why
    bot.calls(HOST, "amplify clear 1")
    assert bot.passed_on == [], "what was taken back stays so"


def test_hosts_see_whom_they_trust_and_block_and_can_take_it_back_for_ever(bot: Garden) -> None:
    assert "Nobody is trusted or blocked" in bot.calls(HOST, "amplify known")
    bot.posts(ADA, LINK)
    bot.calls(HOST, "amplify block 1")
    bot.passes(90 * DAY)  # the post itself is forgotten by then

    answer = bot.asks(HOST, "amplify known")
    assert "Blocked: the author of post 1, since " in answer.text
    [button] = answer.buttons
    assert "like anybody else" in bot.calls(HOST, button.command)
    again = bot.posts(ADA, "A new start #Roses")
    assert bot.passed_on == [again.id]
    assert "Nobody is trusted or blocked" in bot.calls(HOST, "amplify known")


def test_an_author_may_ask_once_that_hosts_look_again(bot: Garden) -> None:
    post = bot.posts(ADA, LINK)
    assert "waits for a host already" in bot.calls(ADA, f"amplify appeal {post.id}")
    bot.calls(HOST, "amplify decline 1")
    assert "amplify appeal" in bot.calls(ADA, f"amplify why {post.id}")

    assert "asked to look at it again" in bot.calls(ADA, f"amplify appeal {post.id}")
    asked = bot.told[-1]
    assert asked.startswith("The author of post 1 asks you to look at it again")
    assert post.id in asked
    assert "One of you had left it where it is." in asked
    assert "amplify appeal" not in asked, "hosts need not be told how they were asked"
    bot.calls(HOST, "amplify decline 1")
    assert "were asked once" in bot.calls(ADA, f"amplify appeal {post.id}")
    assert bot.passed_on == []


def test_a_blocked_author_may_ask_too_and_one_post_may_go(bot: Garden) -> None:
    bot.posts(ADA, "Mildew? #Roses")
    bot.calls(HOST, "amplify block 1")
    post = bot.posts(ADA, "I am sorry about yesterday #Roses")
    assert "no such post of yours" in bot.calls(GRACE, f"amplify appeal {post.id}")
    bot.calls(ADA, f"amplify appeal {post.id}")
    bot.calls(HOST, "amplify approve 2")

    assert bot.passed_on == [post.id]


def test_an_approval_does_not_overrule_a_no(bot: Garden) -> None:
    post = bot.posts(ADA, LINK)
    bot.calls(ADA, "amplify no")

    assert "does not wait any more" in bot.calls(HOST, "amplify approve 1")
    assert bot.reposts == []
    assert "You asked not to be passed on" not in bot.calls(HOST, f"amplify why {post.id}")


def test_many_posts_that_wait_are_told_in_one_word(bot: Garden) -> None:
    for number in range(4):
        bot.posts(ADA, f"Number {number} https://example.org/{number * 'roses'} #Roses")
    assert len(bot.told) == 1

    bot.passes(HOUR)

    assert len(bot.told) == 2
    assert bot.told[1].startswith("4 posts wait for a host to look.")
    queue = bot.asks(HOST, "amplify queue")
    assert queue.text.startswith("Waiting for a host, longest first:\n1: ")
    assert [button.command for button in queue.buttons] == [
        f"amplify {deed} 1" for deed in ("approve", "decline", "trust", "block")
    ]


def test_what_nobody_looks_at_is_politely_let_go(bot: Garden) -> None:
    post = bot.posts(ADA, LINK)
    bot.passes(4 * DAY)

    assert bot.calls(HOST, "amplify queue") == "No post waits for you. Lovely."
    assert "none came to it" in bot.calls(ADA, f"amplify why {post.id}")


def test_a_host_may_take_three_days_to_look(bot: Garden) -> None:
    post = bot.posts(ADA, LINK)
    bot.passes(2 * DAY)
    bot.calls(HOST, "amplify approve 1")

    assert bot.passed_on == [post.id]


def test_what_was_left_is_forgotten_after_two_months(bot: Garden) -> None:
    bot.posts(ADA, LINK)
    kept = bot.posts(ADA, "Mildew? #Roses")
    bot.passes(70 * DAY)

    [row] = bot.tells(ADA)["posts"]
    assert row["post"].endswith(kept.id), "what stands is kept, so that it can be taken back"


def test_only_people_known_here_pass_while_a_tag_is_theirs(bot: Garden) -> None:
    bot.posts(GRACE, "I have been here a while", at=bot.now - 10 * DAY)
    bot.calls(HOST, "amplify members Roses yes")
    bot.posts(ADA, "Mildew? #Roses")
    known = bot.posts(GRACE, "Greenfly? #Roses")
    host = bot.posts(HOST, "Slugs? #Roses")
    assert bot.passed_on == [known.id, host.id]

    assert "open to everybody" in bot.calls(HOST, "amplify members Roses no")
    new = bot.posts(ADA, "Blackspot! #Roses")
    assert bot.passed_on == [known.id, host.id, new.id]


def test_a_post_with_a_warning_waits_and_one_in_another_language_stays(grow: Grow) -> None:
    bot = grow(languages=["en"])
    warned = Post("w1", bot.lobby, ADA, "Roses #Roses", bot.now, tags=("Roses",), labels=("gore",))
    foreign = replace(warned, id="w2", text="Rosen", labels=(), languages=("de",))
    for post in (warned, foreign):
        bot.adapter.known.add(post.id)
        bot.dispatches(PostSeen(f"seen-{post.id}", bot.now, bot.lobby, post))

    assert bot.passed_on == []
    assert "It carries a content label" in bot.calls(ADA, "amplify why w1")
    assert "another language" in bot.calls(ADA, "amplify why w2")
    bot.calls(HOST, "amplify approve 1")
    assert bot.passed_on == ["w1"]


def test_the_same_words_twice_by_one_author_go_once(bot: Garden) -> None:
    post = bot.posts(ADA, "Does anybody else have mildew on their roses this year? #Roses")
    bot.posts(ADA, "Does anybody else have mildew on the roses this year? #Roses")

    assert bot.passed_on == [post.id]
    assert "said much the same" in bot.left_alone[-1].why


def test_somebody_elses_words_wait_for_a_host(bot: Garden) -> None:
    bot.posts(ADA, "Does anybody else have mildew on their roses this year? #Roses")
    bot.posts(GRACE, "Does anybody else have mildew on the roses this year? #Roses")

    assert len(bot.passed_on) == 1
    assert "Somebody else said much the same" in notice(bot).text
