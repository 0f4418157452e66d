"""What hosts say about routes, and what they hear."""

from collections.abc import Callable

import pytest

from bot.api import Action, Space
from bot.domain.ports import Delivery, Gone
from bot.testing import ADA, GRACE, HOST, FakeAdapter
from plugins.amplify import plugin
from tests.plugins.amplify.conftest import Garden

Grow = Callable[..., Garden]


def test_a_host_is_asked_how_people_say_yes_and_a_button_says_it(grow: Grow) -> None:
    bot = grow(routes=[])
    asked = bot.asks(HOST, "amplify add Grade7 GardenRoses")
    assert "How do people there say yes?" in asked.text
    assert bot.calls(ADA, "amplify list") == "No tag leads anywhere yet."

    by_tag = next(button for button in asked.buttons if button.label == "By the tag itself")
    answer = bot.calls(HOST, by_tag.command)

    assert '"Posts with #Grade7 are passed on to #GardenRoses.' in answer
    post = bot.posts(ADA, "Ratios? #grade7")
    assert bot.passed_on == [post.id]
    assert {len(button.command) <= 90 for button in asked.buttons} == {True}


def test_each_way_of_saying_yes_is_told_to_members(grow: Grow) -> None:
    bot = grow(routes=[])
    for tag, way in (("One", "tag"), ("Two", "follows"), ("Three", "yes")):
        bot.calls(HOST, f"amplify add {tag} GardenRoses {way}")

    listed = bot.calls(ADA, "amplify list")

    assert "#One leads to #GardenRoses: using the tag is asking" in listed
    assert "#Two leads to #GardenRoses: posts of people who follow it, or name it" in listed
    assert "#Three leads to #GardenRoses: only posts of people who said yes" in listed


class Unfollowed(FakeAdapter):
    """A platform on which nobody follows anybody."""

    async def perform(self, action: Action, delivery: Delivery) -> str:
        """Refuse what rests on following."""
        if action.grounds and action.grounds.basis == "follows":
            raise Gone("its author does not follow the audience")
        return await super().perform(action, delivery)


def test_following_is_left_to_the_platform_to_confirm() -> None:
    bot = Garden(plugin, adapter=Unfollowed())
    bot.calls(HOST, "amplify add Grade7 GardenRoses follows")
    bot.posts(ADA, "Ratios? #Grade7")

    [act] = bot.ledger
    assert act.kind == "Repost"
    assert bot.passed_on == []
    assert "It did not go to #GardenRoses" in bot.calls(ADA, f"amplify why {act.ref}")


@pytest.mark.parametrize("written", ["roses", "#ROSES", "\uff32oses", "Rosees", "rosees"])
def test_a_tag_counts_however_it_is_written(grow: Grow, written: str) -> None:
    bot = grow()
    post = bot.posts(ADA, f"Mildew? #{written.lstrip('#')}")

    assert bot.passed_on == [post.id]


def test_an_alias_leads_where_its_tag_leads_until_it_is_taken_away(grow: Grow) -> None:
    bot = grow()
    bot.calls(HOST, "amplify alias Roses RoseGarden")
    first = bot.posts(ADA, "Mildew? #rosegarden #Roses")
    assert bot.passed_on == [first.id]
    assert "#RoseGarden" in bot.calls(ADA, "amplify list")

    assert "leads nowhere" in bot.calls(HOST, "amplify alias Roses RoseGarden no")
    bot.posts(GRACE, "Greenfly? #rosegarden")

    assert bot.passed_on == [first.id]


def test_a_tag_leads_to_one_place(grow: Grow) -> None:
    bot = grow()
    bot.calls(HOST, "amplify add Tulips GardenRoses tag")

    assert "amplify remove Tulips" in bot.calls(HOST, "amplify add #TULIPS GardenRoses yes")
    assert "leads to" in bot.calls(HOST, "amplify alias Roses Tulips")
    assert "given to #Roses by no command" in bot.calls(HOST, "amplify alias Roses Rosees no")
    assert "one word" in bot.calls(HOST, 'amplify alias Roses "two words"')


def test_a_tag_that_reads_badly_is_told_to_the_host_and_kept_as_it_is(grow: Grow) -> None:
    bot = grow(routes=[])
    answer = bot.calls(HOST, "amplify add gardenrosesinwinter GardenRoses tag")
    assert "#gardenrosesinwinter" in answer
    assert "give each a capital" in answer

    better = bot.calls(HOST, "amplify add gardenroses GardenRoses tag")
    assert "Screen readers read #GardenRoses word by word" in better
    assert "Screen readers" not in bot.calls(HOST, "amplify add GardenBulbs GardenRoses tag")


@pytest.mark.parametrize("command", ["alias", "succeed"])
def test_other_and_new_names_are_read_aloud_too(grow: Grow, command: str) -> None:
    bot = grow()

    assert "give each a capital" in bot.calls(HOST, f"amplify {command} Roses rosesinwinter")
    assert "Screen readers" not in bot.calls(HOST, f"amplify {command} Bulbs BulbsInSpring")


def test_a_tag_with_a_year_is_taken_for_an_events(grow: Grow) -> None:
    bot = grow(routes=[])

    assert "ends in a year" in bot.calls(HOST, "amplify add RoseShow26 GardenRoses tag")
    assert "ends in a year" not in bot.calls(HOST, "amplify add Area51 GardenRoses tag")


def test_a_paused_route_keeps_what_comes_and_goes_on_one_by_one(grow: Grow) -> None:
    bot = grow(hourly=12)
    assert "rests" in bot.calls(HOST, "amplify pause roses")
    first = bot.posts(ADA, "Mildew? #Roses")
    second = bot.posts(GRACE, "Greenfly? #Roses")
    assert bot.passed_on == []
    assert "The tag is paused." in bot.calls(ADA, f"amplify why {first.id}")
    assert "It rests for now." in bot.calls(ADA, "amplify list")

    assert "one by one" in bot.calls(HOST, "amplify resume Roses")
    assert bot.passed_on == [first.id]
    bot.passes_to(bot.now.replace(minute=5))
    assert bot.passed_on == [first.id, second.id]
    assert "not paused" in bot.calls(HOST, "amplify resume Roses")


def test_what_waits_when_a_route_is_removed_stays_and_says_why(grow: Grow) -> None:
    bot = grow(routes=[])
    bot.calls(HOST, "amplify add Tulips GardenRoses tag")
    bot.calls(HOST, "amplify alias Tulips Tulpen")
    bot.calls(HOST, "amplify pause Tulips")
    post = bot.posts(ADA, "Bulbs up! #Tulips")

    bot.calls(HOST, "amplify remove tulips")

    assert "closed the tag" in bot.calls(ADA, f"amplify why {post.id}")
    assert "no route for #Tulpen" in bot.calls(HOST, "amplify pause Tulpen")
    assert bot.calls(ADA, "amplify list") == "No tag leads anywhere yet."


def test_answers_go_on_where_a_host_wants_them(grow: Grow) -> None:
    bot = grow()
    question = bot.posts(ADA, "Mildew? #Roses")
    bot.posts(GRACE, "Milk helps. #Roses", reply_to=question.id)
    assert bot.passed_on == [question.id]

    assert "go to #GardenRoses, too" in bot.calls(HOST, "amplify replies Roses yes")
    answer = bot.posts(GRACE, "Or more air around them. #Roses", reply_to=question.id)
    assert bot.passed_on == [question.id, answer.id]
    assert "Answers go, too." in bot.calls(ADA, "amplify list")
    assert "only what begins" in bot.calls(HOST, "amplify replies Roses no")
    bot.posts(GRACE, "Never water from above. #Roses", reply_to=question.id)
    assert bot.passed_on == [question.id, answer.id]


def test_nothing_goes_with_a_tag_that_hosts_do_not_want(grow: Grow) -> None:
    bot = grow(never_with=["#Promo"])
    post = bot.posts(ADA, "All my seeds at half price #Roses #PROMO")

    assert bot.passed_on == []
    assert "passes nothing on with" in bot.calls(ADA, f"amplify why {post.id}")
    assert "passes nothing on with" in bot.calls(HOST, "amplify test Seeds #Roses #promo")


def test_a_host_can_try_words_before_anybody_uses_them(grow: Grow) -> None:
    bot = grow()
    tried = bot.calls(HOST, "amplify test Anybody seen mildew? #Roses")
    assert tried.startswith(
        "#Roses: It would go to #GardenRoses. Its turn is now. It carries #Roses"
    )
    assert "It would stay where it is" in bot.calls(HOST, "amplify test Mildew? #Bulbs")
    assert "It would wait for a host" in bot.calls(
        HOST, "amplify test https://example.org/a #Roses"
    )
    assert "no tag in it leads anywhere" in bot.calls(HOST, "amplify test Mildew?")
    assert bot.ledger == []


def test_a_host_can_ask_of_a_post_that_weaver_knows(grow: Grow) -> None:
    bot = grow()
    post = bot.posts(ADA, "Mildew? #Bulbs")

    told = bot.calls(HOST, f"amplify test {post.id}")

    assert "It did not go to #GardenRoses." in told
    assert "author's choice" in told


def test_a_tag_that_weaver_cannot_hear_is_told_to_the_host(grow: Grow) -> None:
    heard = Space("fake", "#Grade7", "Grade 7", "talk")
    bot = Garden(plugin, spaces=[heard])

    assert "does not hear" not in bot.calls(HOST, "amplify add grade7 GardenRoses tag")
    for command in ("add Grade8 GardenRoses tag", "alias Grade7 Year8", "succeed Grade7 Year7"):
        assert "does not hear" in bot.calls(HOST, f"amplify {command}")
    assert "does not hear" not in grow(routes=[]).calls(HOST, "amplify add G8 GardenRoses tag")
