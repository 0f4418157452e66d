"""Newcomers of a real server: greeted once, after screening, whatever fails or comes at once."""

import re
from datetime import timedelta
from typing import Any

import pytest

from tests.adapters.discord.test_chats import planned
from tests.adapters.discord.village import Village
from tests.fakediscord.people import Person

INTEREST = {"label": "roses", "words": "#roses", "role": "rosarian"}


@pytest.fixture
def timed(village: Village) -> Village:
    """Give a Weaver that lives by Discord's clock, which tests move; it is noon."""
    village.clock = clock = village.discord.clock
    clock.forward(hours=(35 - clock.now().hour) % 24, minutes=60 - clock.now().minute)
    return village


def late_in_the_evening(village: Village) -> None:
    """Let it be half past eleven in the evening (UTC), so that midnight comes in between."""
    clock = village.discord.clock
    evening = clock.now().replace(hour=23, minute=30, second=0)
    clock.forward(seconds=((evening - clock.now()) % timedelta(days=1)).total_seconds())


def greetings(village: Village, name: str = "Hello") -> list[Any]:
    return [one for one in village.lobby.by_bot if name in one.content]


def told(village: Village) -> list[str]:
    """What hosts were told."""
    return [one.content for one in village.shed.by_bot]


def comes(village: Village, name: str, **how: Any) -> Person:
    """Somebody joins, and all that follows is done."""
    person: Person = village.discord.person(name).joins(village.garden, **how)
    hears(village)
    return person


def hears(village: Village) -> None:
    """Wait until all that happened so far was heard: what is said last is heard last."""
    marker = village.hana.says(village.tea, "and then")
    village.waits_until(lambda: village.logged(marker))
    village.is_quiet()


def test_who_is_screened_is_greeted_once_when_that_is_over(village: Village) -> None:
    village.plugin_settings["welcome"] = {"interests": [INTEREST], "more": {"Ask": "here"}}
    village.starts()

    ada = comes(village, "Ada", pending=True)
    assert greetings(village, "Ada") == []

    ada.accepts_rules(village.garden)
    hears(village)
    [greeting] = greetings(village, "Ada")
    buttons = [one["label"] for row in greeting.data["components"] for one in row["components"]]
    assert buttons == ["roses", "More about this place", "Look in on me in 10 days"]

    ada.is_called(village.garden, "Ada of the roses")
    ada.finishes_onboarding(village.garden)
    ada.leaves(village.garden)
    ada.joins(village.garden)
    hears(village)
    village.stops()
    village.starts()
    ada.leaves(village.garden)
    ada.joins(village.garden, pending=True)
    ada.accepts_rules(village.garden)
    hears(village)
    assert len(greetings(village, "Ada")) == 1


def test_the_greeting_tells_each_reader_the_next_chat_in_their_own_time(village: Village) -> None:
    village.starts()
    planned(village, 90, "Which do you grow? / And why?")
    comes(village, "Ada")

    [greeting] = greetings(village, "Ada")
    [stamp] = re.findall(r"Next time: <t:([0-9]+):F>, in tea-room", greeting.content)
    now = village.discord.clock.now().timestamp()
    assert 80 * 60 < int(stamp) - now < 91 * 60
    assert "UTC" not in greeting.content


def test_a_bot_is_never_greeted(village: Village) -> None:
    village.starts()
    robot = village.discord.person("Robot", bot=True).joins(village.garden)
    robot.is_called(village.garden, "A friendly robot")
    hears(village)

    assert village.lobby.by_bot == []


def test_where_a_role_lets_newcomers_in_they_are_greeted_once_they_get_it(village: Village) -> None:
    village.plugin_settings["welcome"] = {"role": "Gardener"}
    village.garden.removes_bot()
    old = village.discord.person("Old").joins(village.garden)
    village.garden.invites_bot(village.hana)
    role, other = (village.garden.role(name) for name in ("gardener", "weeder"))
    village.starts()
    ada = comes(village, "Ada", pending=True)
    ada.accepts_rules(village.garden)
    ada.gets(village.garden, other)
    hears(village)
    assert greetings(village) == []

    for _ in range(2):
        ada.gets(village.garden, role)
        hears(village)
        ada.loses(village.garden, role)
        hears(village)
    old.gets(village.garden, role)
    hears(village)

    [greeting] = greetings(village)
    assert "Ada" in greeting.content


def test_a_raid_of_five_hundred_is_greeted_once_when_it_is_over(timed: Village) -> None:
    timed.starts()
    for number in range(500):
        timed.discord.person(f"M{number}").joins(timed.garden)
    hears(timed)

    assert len(greetings(timed)) == 9, "the first few, before anybody could know"
    assert ["Many people are arriving" in one for one in told(timed)] == [True]

    timed.passes(minutes=30)
    assert len(greetings(timed)) == 10
    assert "everybody who arrived" in greetings(timed)[-1].content
    assert "491 people came in it, and one hello went to all of them" in told(timed)[-1]
    assert len(told(timed)) == 2

    comes(timed, "Ada")
    assert len(greetings(timed, "Ada")) == 1


def test_hosts_are_told_once_instead_of_a_greeter_with_closed_messages(timed: Village) -> None:
    late_in_the_evening(timed)
    timed.starts()
    bea, cy = comes(timed, "Bea"), comes(timed, "Cy")
    bea.closes_direct_messages()
    offered = bea.runs(timed.tea, "welcome greet", most=5)
    timed.waits_until(lambda: offered.words)

    for number in range(2):
        cy.says(timed.tea, f"Does anybody know my rose, number {number}?")
        hears(timed)
        timed.passes(minutes=61)

    [words] = told(timed)
    assert words.startswith("A note to a greeter could not be delivered")
    assert f"https://discord.com/channels/{timed.garden.id}/{timed.tea.id}/" in words
    assert "Bea" not in words
    assert bea.direct.by_bot == []


def test_a_greeter_is_told_in_private_of_who_waits(timed: Village) -> None:
    timed.starts()
    bea, cy = comes(timed, "Bea"), comes(timed, "Cy")
    offered = bea.runs(timed.tea, "welcome greet", most=5)
    timed.waits_until(lambda: offered.words)
    question = cy.says(timed.tea, "Does anybody know my rose?")
    hears(timed)
    timed.passes(minutes=61)

    [note] = bea.direct.by_bot
    assert f"/{timed.tea.id}/{question.id}" in note.content
    assert told(timed) == []


def test_a_button_gives_a_role_and_takes_it_back(village: Village) -> None:
    village.plugin_settings["welcome"] = {"interests": [INTEREST]}
    role = village.garden.role("rosarian")
    village.starts()
    ada = comes(village, "Ada")
    [greeting] = greetings(village, "Ada")

    def held() -> bool:
        return role in village.discord.world.member(village.garden.id, ada.id)["roles"]

    for _ in range(2):
        chosen = ada.presses(greeting, "roses")
        village.waits_until(held)
        village.waits_until(lambda chosen=chosen: chosen.words)
        assert "You get the role rosarian" in chosen.words
        left = ada.presses(chosen, "Not after all")
        village.waits_until(lambda left=left: left.words)
        village.is_quiet()
        assert not held()
        assert "You give the role rosarian back" in left.words


def test_many_interests_are_a_select_and_each_can_be_chosen_after_a_restart(
    village: Village,
) -> None:
    many = [{"label": f"rose {number}", "words": f"#rose{number}"} for number in range(24)]
    village.plugin_settings["welcome"] = {"interests": [*many, INTEREST], "more": {"Ask": "here"}}
    role = village.garden.role("rosarian")
    village.starts()
    ada = comes(village, "Ada")
    village.stops()
    village.starts()

    [greeting] = greetings(village, "Ada")
    [select], buttons = [row["components"] for row in greeting.data["components"]]
    assert [one["label"] for one in select["options"]][-2:] == ["rose 23", "roses"]
    assert buttons[0]["label"] == "More about this place"

    told_where = ada.chooses(greeting, "Choose one", ["rose 23"])
    village.waits_until(lambda: told_where.words)
    assert "you find the others at #rose23" in told_where.words
    chosen = ada.chooses(greeting, "Choose one", ["roses"])
    village.waits_until(
        lambda: role in village.discord.world.member(village.garden.id, ada.id)["roles"]
    )
    village.waits_until(lambda: chosen.words)
    assert "You get the role rosarian" in chosen.words

    seen = ada.runs(village.tea, "welcome preview")
    village.waits_until(lambda: seen.words)
    assert "good to have you here" in seen.words


def test_a_lost_permission_is_told_once_and_never_floods(timed: Village) -> None:
    late_in_the_evening(timed)
    timed.starts()
    timed.lobby.overwrite(deny=["send_messages"])
    for number in range(5):
        comes(timed, f"M{number}")
        timed.passes(minutes=10)

    assert greetings(timed) == []
    [words] = told(timed)
    assert "Send Messages" in words
    assert "newcomers" in words

    timed.lobby.overwrite(allow=["send_messages"])
    comes(timed, "Ada")
    assert len(greetings(timed, "Ada")) == 1
    assert len(told(timed)) == 1


def test_without_its_lobby_newcomers_are_greeted_elsewhere_and_hosts_told_once(
    village: Village,
) -> None:
    village.starts()
    comes(village, "Ada")
    village.lobby.is_deleted()
    for number in range(3):
        comes(village, f"M{number}")

    assert len([one for one in village.tea.by_bot if "Hello M" in one.content]) == 3
    [words] = told(village)
    assert "lobby" in words
    assert "tea-room" in words


def test_accounts_made_lately_are_left_to_people_where_hosts_want_that(timed: Village) -> None:
    timed.plugin_settings["welcome"] = {"young_days": 7}
    old = timed.discord.person("Old")
    timed.discord.clock.forward(days=8)
    timed.starts()

    old.joins(timed.garden)
    comes(timed, "Young")

    assert len(greetings(timed, "Old")) == 1
    assert greetings(timed, "Young") == []


@pytest.mark.parametrize("large", [False, True])
@pytest.mark.parametrize("intents", ["full", "without members"])
def test_who_joins_while_weaver_is_away_is_greeted_once(
    village: Village, intents: str, large: bool
) -> None:
    village.settings["intents"] = intents
    village.garden.changes(system_channel_id=village.lobby.id)
    village.starts()
    before = comes(village, "Before")
    village.stops()
    village.garden.data["large"] = large
    for name in ("Meanwhile", "Robot", "Pending", "Gone"):
        person = village.discord.person(name, bot=name == "Robot")
        person.joins(village.garden, pending=name == "Pending")
        if name == "Gone":
            person.leaves(village.garden)
    for _ in range(2):
        village.starts()
        hears(village)
        village.stops()
    village.starts()
    before.is_called(village.garden, "Before all others")
    hears(village)

    assert len(greetings(village, "Before")) == 1
    assert len(greetings(village, "Meanwhile")) == 1
    assert greetings(village, "Robot") == []
    if intents == "full":
        assert greetings(village, "Pending") == greetings(village, "Gone") == []


def test_who_was_there_before_weaver_is_not_taken_for_new(village: Village) -> None:
    village.garden.removes_bot()
    village.discord.person("Early").joins(village.garden)
    village.garden.invites_bot(village.hana)
    village.starts()
    hears(village)
    village.stops()
    village.starts()
    hears(village)

    assert greetings(village, "Early") == []


@pytest.mark.parametrize("large", [False, True])
def test_who_passes_the_screening_while_weaver_is_away_is_greeted_once(
    village: Village, large: bool
) -> None:
    village.starts()
    people = {
        name: comes(village, name, pending=True) for name in ("Ada", "Bea", "Cy", "Dee", "Eve")
    }
    comes(village, "Fay")
    village.stops()
    village.discord.clock.forward(days=2)  # long before the place from which is heard again
    village.starts()
    hears(village)
    village.stops()
    village.garden.data["large"] = large
    for name in ("Ada", "Bea"):
        people[name].accepts_rules(village.garden)
    people["Eve"].leaves(village.garden)
    for _ in range(2):
        village.starts()
        hears(village)
        village.stops()
    village.starts()
    people["Cy"].accepts_rules(village.garden)
    hears(village)

    counted = [len(greetings(village, name)) for name in ("Ada", "Bea", "Cy", "Dee", "Eve", "Fay")]
    assert counted == [1, 1, 1, 0, 0, 1]


def test_who_changes_is_not_taken_for_somebody_who_arrives(village: Village) -> None:
    village.garden.removes_bot()
    early = village.discord.person("Early").joins(village.garden)
    late = village.discord.person("Late").joins(village.garden, pending=True)
    village.garden.invites_bot(village.hana)
    village.starts()
    early.is_called(village.garden, "Early bird")
    late.accepts_rules(village.garden)
    hears(village)

    assert greetings(village, "Early") == []
    assert len(greetings(village, "Late")) == 1
