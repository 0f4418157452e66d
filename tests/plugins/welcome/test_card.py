"""The card: what this place is, when people meet next, and in whose language it is said."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.api import Context, Planned, Plugin
from bot.domain.actions import Reply, SendPost
from bot.domain.events import PostSeen
from bot.domain.model import Member, Post
from bot.testing import ADA, HOST, Harness
from plugins.chats import plugin as chats
from plugins.welcome import plugin
from plugins.welcome.logic import language_among
from plugins.welcome.settings import Settings

DAY = timedelta(days=1)
LONDON = ZoneInfo("Europe/London")
WEEKLY = 'chats schedule "Tuesdays 7:30 pm" "Roses" What did you try? / What came of it?'
NEXT = "Next time: "


@pytest.fixture
def bot() -> Harness:
    """Run Weaver where welcome and chats are at work."""
    return Harness(plugin, beside=[chats], about="We grow things in town")


def greeted(bot: Harness, name: str) -> SendPost:
    """How somebody is greeted who joins now."""
    bot.joins(Member("fake", name.casefold(), name))
    [card] = [act for act in bot.sent if isinstance(act, SendPost) and f" {name}" in act.text]
    return card


def at(card: SendPost) -> datetime:
    """The moment that a card means, whose words stand in it."""
    [moment] = card.moments
    assert moment.words in card.text
    return moment.at


def test_without_chats_the_card_says_nothing_of_any() -> None:
    bot = Harness(plugin)
    card = greeted(bot, "Ada")

    assert NEXT not in card.text
    assert not card.moments
    assert "There is nothing more to tell yet" in bot.calls(ADA, "welcome more")


def test_the_card_says_what_this_is_and_when_people_meet_next(bot: Harness) -> None:
    assert greeted(bot, "Ada").text == (
        "Hello Ada, good to have you here. We grow things in town. "
        "You’re welcome to just read for a while."
    )
    bot.calls(HOST, WEEKLY)
    card = greeted(bot, "Bea")

    assert card.text == (
        "Hello Bea, good to have you here. We grow things in town. "
        "Next time: Tuesday 3 March at 7:30 pm London time (7:30 pm UTC), in Tea room. "
        "You’re welcome to just read for a while."
    )
    assert at(card) == datetime(2026, 3, 3, 19, 30, tzinfo=LONDON)
    assert "welcome more" in [button.command for button in card.buttons]
    said = bot.asks(ADA, "welcome more")
    assert "Next time: Tuesday 3 March" in said.text
    assert "Two questions, one after another. Start your answer to Q1 with A1" in said.text
    assert said.moments == card.moments == bot.asks(ADA, "welcome preview").moments


def test_the_card_is_true_whatever_becomes_of_the_date(bot: Harness) -> None:
    bot.calls(HOST, WEEKLY)
    tuesday = datetime(2026, 3, 3, 19, 30, tzinfo=LONDON)

    bot.calls(HOST, "chats move 1 next Wednesday 4 March 8 pm")
    assert at(greeted(bot, "Moved")) == datetime(2026, 3, 4, 20, tzinfo=LONDON)

    bot.calls(HOST, "chats restore 1 date:2026-03-04")
    assert at(greeted(bot, "Back")) == tuesday

    bot.calls(HOST, "chats cancel 1 date:next")
    assert at(greeted(bot, "Off")) == tuesday + 7 * DAY

    bot.calls(HOST, "chats close 2026-03-09 2026-03-20")
    assert at(greeted(bot, "Closed")) > tuesday + 7 * DAY

    bot.calls(HOST, "chats cancel 1")
    gone = greeted(bot, "Gone")
    assert NEXT not in gone.text
    assert not gone.moments


def test_the_soonest_of_several_is_told_and_the_next_once_it_began(bot: Harness) -> None:
    bot.calls(HOST, WEEKLY)
    bot.calls(HOST, 'chats schedule "Mondays 8 pm" Herbs space:lobby open floor')
    assert at(greeted(bot, "First")) == datetime(2026, 3, 2, 20, tzinfo=LONDON)

    bot.passes_to(datetime(2026, 3, 2, 20, 5, tzinfo=LONDON))
    assert at(greeted(bot, "Later")) == datetime(2026, 3, 3, 19, 30, tzinfo=LONDON)


def test_plans_that_cannot_be_told_keep_nobody_from_being_greeted() -> None:
    broken = Plugin("broken", package="tests.plugins.welcome", settings=Settings)

    @broken.coming
    def fail(ctx: Context[Settings]) -> list[Planned]:
        raise ValueError("no calendar today")

    bot = Harness(plugin, beside=[broken, chats])
    bot.calls(HOST, WEEKLY)

    assert at(greeted(bot, "Ada")) == datetime(2026, 3, 3, 19, 30, tzinfo=LONDON)


def test_hosts_own_words_may_name_the_next_chat_and_the_place(bot: Harness) -> None:
    bot.calls(HOST, WEEKLY)
    bot.calls(HOST, "welcome words Hi {{ name }}. {{ about }}: {{ next_chat }}")
    bot.calls(HOST, "welcome use")
    card = greeted(bot, "Ada")

    assert card.text.startswith("Hi Ada. We grow things in town: Tuesday 3 March at 7:30 pm")
    assert at(card) == datetime(2026, 3, 3, 19, 30, tzinfo=LONDON)


def says(bot: Harness, member: Member, *languages: str) -> str:
    """How somebody is answered whose first words here are in some languages."""
    post = Post(f"p-{member.id}", bot.lobby, member, "Hello.", bot.now, languages=languages)
    bot.adapter.known.add(post.id)
    bot.dispatches(PostSeen(f"seen-{post.id}", bot.now, bot.lobby, post))
    [reply] = [act for act in bot.sent if isinstance(act, Reply) and act.to == post.id]
    return reply.text


def test_who_writes_in_a_language_that_hosts_have_words_in_is_greeted_in_it() -> None:
    bot = Harness(plugin, first_posts=["Lobby"], settle_days=0)
    bot.posts(Member("fake", "old"), "Spring is late.")
    bot.calls(HOST, "welcome words language:cy Croeso, {{ name }}.")
    assert "there is no draft yet" in bot.calls(HOST, "welcome use es")
    assert "Croeso" not in says(bot, Member("fake", "early", "Early"), "cy")

    bot.calls(HOST, "welcome test cy")
    assert bot.told == ["Croeso, Sam."]
    bot.calls(HOST, "welcome use cy")

    assert says(bot, Member("fake", "a", "A"), "en", "cy-GB") == "Croeso, A."
    assert says(bot, Member("fake", "b", "B"), "en").startswith("Hello B, good to have you here.")
    assert says(bot, Member("fake", "c", "C")).startswith("Hello C, good to have you here.")

    bot.calls(HOST, "welcome words Come in, {{ name }}.")
    bot.calls(HOST, "welcome use")
    assert says(bot, Member("fake", "d", "D"), "es") == "Come in, D."
    assert says(bot, Member("fake", "e", "E"), "CY") == "Croeso, E."

    bot.calls(HOST, "welcome plain cy")
    assert says(bot, Member("fake", "f", "F"), "cy") == "Come in, F."


def test_the_communitys_own_language_is_everybodys_where_nothing_nearer_is_known() -> None:
    bot = Harness(plugin)
    for words in ("language:en Come in, {{ name }}.", "Entrez, {{ name }}."):
        bot.calls(HOST, f"welcome words {words}")
    bot.calls(HOST, "welcome use en")
    bot.calls(HOST, "welcome use")
    bot.joins(ADA)

    assert bot.sent[-1].text == "Come in, Ada."  # type: ignore[attr-defined]


@pytest.mark.parametrize("slip", ["welsh", "c", "c_y", "en-"])
def test_a_slip_is_not_taken_for_a_language(slip: str) -> None:
    said = Harness(plugin).calls(HOST, f"welcome words language:{slip} Croeso.")

    assert said == f"{slip!r} is no language; write its tag, such as cy, es or pt-br"


TAGS = st.sampled_from(["cy", "en", "pt", "pt-br", "PT-BR", "pt-PT", "cy-GB", "de"])


@given(st.lists(TAGS), st.sets(TAGS.map(str.casefold)))
def test_the_first_language_that_there_is_wins(wanted: list[str], known: set[str]) -> None:
    found = language_among(wanted, known)

    served = [one for one in wanted if {one.casefold(), one.casefold().split("-")[0]} & known]
    assert bool(found) == bool(served)
    if served:
        first = served[0].casefold()
        assert found == (first if first in known else first.split("-")[0])
