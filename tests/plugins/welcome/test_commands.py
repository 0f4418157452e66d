"""What members and hosts ask of welcome."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.actions import DirectMessage, GiveRole, Reply, SendPost, TakeRole
from bot.testing import ADA, GRACE, HOST, Harness
from plugins.welcome import plugin
from plugins.welcome.logic import chosen_in
from plugins.welcome.settings import Interest

DAY = timedelta(days=1)


@pytest.fixture
def bot() -> Harness:
    """Run Weaver with two interests, one of them with a role."""
    return Harness(
        plugin,
        interests=[
            {"label": "roses", "words": "#GardenRoses", "role": "rose grower"},
            {"label": "herbs", "words": "#GardenHerbs"},
        ],
        more={"Where to ask": "the tea room"},
    )


def test_interests_stand_under_the_greeting_as_buttons(bot: Harness) -> None:
    bot.joins(ADA)

    [greeting] = bot.sent
    assert isinstance(greeting, SendPost)
    assert [button.command for button in greeting.buttons] == [
        "welcome interest roses",
        "welcome interest herbs",
        "welcome more",
        "welcome later",
    ]


def test_an_interest_gives_its_role_and_can_be_taken_back(bot: Harness) -> None:
    assert "#GardenRoses" in bot.calls(ADA, "welcome interest Roses")
    bot.passes(DAY)
    bot.calls(ADA, "welcome leave roses")
    bot.passes(DAY)
    bot.calls(ADA, "welcome interest roses")

    kinds = [type(act) for act in bot.sent]
    assert kinds == [GiveRole, TakeRole, GiveRole]


def test_an_interest_without_a_role_only_tells_where(bot: Harness) -> None:
    assert "#GardenHerbs" in bot.calls(ADA, "welcome interest herbs")
    assert not bot.sent


def card(bot: Harness) -> str:
    """The greeting that stands, by its id."""
    [(_, receipt)] = [made for key, made in bot.adapter.made.items() if ":greet:" in key]
    return receipt


def test_an_answer_with_its_name_chooses_an_interest_and_takes_it_back(bot: Harness) -> None:
    bot.joins(ADA)
    chosen = bot.posts(ADA, "#Roses, please!", reply_to=card(bot))
    bot.posts(GRACE, "herbs and roses", reply_to=card(bot))
    bot.posts(ADA, "Not roses.", reply_to=card(bot))

    [_, gives, first, also, second, takes, last] = bot.sent
    assert isinstance(gives, GiveRole)
    assert (gives.member, gives.role) == (ADA, "rose grower")
    assert isinstance(first, Reply)
    assert first.to == chosen.id
    assert "roses: you find the others at #GardenRoses." in first.text
    assert isinstance(also, GiveRole)
    assert also.member == GRACE
    assert isinstance(second, Reply)
    assert "#GardenRoses" in second.text
    assert "#GardenHerbs" in second.text
    assert isinstance(takes, TakeRole)
    assert isinstance(last, Reply)
    assert "give the role rose grower back" in last.text


def test_talk_and_answers_to_others_choose_nothing(bot: Harness) -> None:
    bot.joins(ADA)
    bot.posts(ADA, "I grow roses and herbs.", reply_to=card(bot))
    post = bot.posts(GRACE, "What do you grow?")
    bot.posts(ADA, "Roses", reply_to=post.id)
    bot.posts(ADA, "Roses")

    assert len(bot.sent) == 1


def test_an_interest_may_offer_to_be_passed_on_and_asks_for_a_yes_of_its_own() -> None:
    roses = {"label": "roses", "words": "#GardenRoses", "route": True}
    bot = Harness(plugin, interests=[roses])
    answer = bot.asks(ADA, "welcome interest roses")

    assert "If you say yes to it, posts of yours with a listed tag are passed on" in answer.text
    assert [button.command for button in answer.buttons] == ["me yes amplify"]


ROSES, HERBS, MIXED = (
    Interest(label=label, words=f"#{label}") for label in ("Roses", "herbs", "fruit and nuts")
)


@pytest.mark.parametrize(
    ("text", "chosen", "back"),
    [
        ("roses", [ROSES], False),
        ("@weaver.example Roses!", [ROSES], False),
        ("#roses, herbs", [ROSES, HERBS], False),
        ("herbs and roses and herbs please", [HERBS, ROSES], False),
        ("Fruit and nuts", [MIXED], False),
        ("fruit and nuts, roses", [], False),
        ("not roses", [ROSES], True),
        ("Leave herbs.", [HERBS], True),
        ("I like roses", [], False),
        ("roses? which?", [], False),
        ("", [], False),
        ("and", [], False),
        ("please", [], False),
        ("not", [], False),
    ],
)
def test_an_answer_is_read_only_when_it_is_nothing_else(
    text: str, chosen: list[Interest], back: bool
) -> None:
    assert chosen_in(text, [ROSES, HERBS, MIXED]) == (chosen, back)


@given(st.text(max_size=40), st.text(max_size=40))
def test_whatever_is_said_only_what_is_named_is_chosen(before: str, after: str) -> None:
    text = f"{before}roses{after}"
    chosen, _ = chosen_in(text, [ROSES, HERBS])

    assert len(chosen) <= 2
    assert HERBS not in chosen or "herbs" in text.casefold()


def test_an_interest_that_is_not_there_is_answered(bot: Harness) -> None:
    said = bot.calls(ADA, "welcome interest fish")

    assert said == "there is no 'fish' to choose; there is roses or herbs"


def test_more_tells_what_hosts_set(bot: Harness) -> None:
    assert "Where to ask: the tea room" in bot.calls(ADA, "welcome more")


def letters(bot: Harness) -> list[DirectMessage]:
    return [act for act in bot.sent if isinstance(act, DirectMessage)]


def test_weaver_looks_in_once_on_who_asked_and_is_silent_since(bot: Harness) -> None:
    bot.joins(ADA)
    bot.calls(ADA, "welcome later")
    bot.passes(9 * DAY)
    assert not letters(bot)

    bot.restarts()
    bot.passes(60 * DAY)

    [letter] = letters(bot)
    assert letter.member == ADA


def test_weaver_looks_in_on_nobody_who_spoke_or_did_not_ask(bot: Harness) -> None:
    bot.joins(ADA)
    bot.joins(GRACE)
    bot.calls(ADA, "welcome later")
    bot.posts(ADA, "Hello.")
    bot.passes(60 * DAY)

    assert not letters(bot)


def test_who_thinks_better_of_it_is_left_alone(bot: Harness) -> None:
    bot.joins(ADA)
    bot.calls(ADA, "welcome later")
    bot.calls(ADA, "welcome never")
    bot.passes(60 * DAY)

    assert not letters(bot)


def test_hosts_write_see_test_and_use_their_own_words(bot: Harness) -> None:
    draft = bot.calls(HOST, "welcome words Come in, {{ name }}. {{ rhythm }}")
    assert "Come in, Sam." in draft
    bot.joins(ADA)
    assert "Come in" not in bot.sent[-1].text  # type: ignore[attr-defined]

    bot.calls(HOST, "welcome test")
    assert bot.told == ["Come in, Sam."]

    bot.calls(HOST, "welcome use")
    bot.joins(GRACE)
    assert bot.sent[-1].text == "Come in, Grace."  # type: ignore[attr-defined]

    bot.calls(HOST, "welcome plain")
    assert "good to have you here" in bot.calls(ADA, "welcome preview")
    bot.calls(HOST, "welcome use")
    assert bot.calls(ADA, "welcome preview") == "Come in, Sam."


@pytest.mark.parametrize(
    ("command", "answer"),
    [
        ("welcome words Hello {{ nmae }}", "only these may stand in braces: {{ name }}"),
        ("welcome use", "there is no draft yet"),
        ("welcome plain", "Weaver’s own words already"),
        ("welcome greet 0", "MOST is between 1 and 50"),
        ("welcome greet 51", "MOST is between 1 and 50"),
    ],
)
def test_mistakes_are_answered_with_a_cure(bot: Harness, command: str, answer: str) -> None:
    assert answer in bot.calls(HOST, command)


def test_a_greeting_that_nobody_would_read_is_warned_of(bot: Harness) -> None:
    said = bot.calls(HOST, "welcome words " + "Come in, sit down. " * 40)

    assert "Few people read more than 500" in said


def test_members_cannot_change_the_words(bot: Harness) -> None:
    assert "is for hosts" in bot.calls(ADA, "welcome words Buy my book.")


def test_hosts_see_how_many_greet_and_nobody_by_name(bot: Harness) -> None:
    bot.calls(ADA, "welcome greet 2")
    bot.calls(GRACE, "welcome greet 3")

    said = bot.calls(HOST, "welcome greeters")
    assert "2 people offer to answer newcomers, 5 notes a week in all" in said
    assert "Ada" not in said


def test_greeters_can_be_told_and_forgotten(bot: Harness) -> None:
    bot.calls(ADA, "welcome greet 2")
    assert bot.tells(ADA)["greets"] == {"garden": 2}

    bot.forgets(ADA)
    assert bot.tells(ADA)["greets"] == {}
