"""Newcomers of a real server: greeted once, after screening, whatever fails or comes at once."""

import re

from tests.adapters.discord.arrivals import (
    INTEREST,
    comes,
    greetings,
    hears,
    late_in_the_evening,
    told,
)
from tests.adapters.discord.test_chats import planned
from tests.adapters.discord.village import Village


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
