"""The alarm on a real server: hosts read it with its chart, and press what it offers."""

from typing import Any

import pytest

from tests.adapters.discord.village import Village

BUTTONS = ["We know", "Quiet for 8 weeks", "This was an event"]


@pytest.fixture
def alarmed(timed: Village) -> Any:
    """Give the alarm's message: people post in the tea room for weeks, and nobody answers."""
    timed.plugin_settings["pulse"] = {"weekly": "off"}
    timed.starts()
    people = [timed.discord.person(f"P{n}").joins(timed.garden) for n in range(4)]
    for _ in range(5):
        for number in range(12):
            said = people[number % 4].says(timed.tea, f"Something about week after week {number}")
        timed.waits_until(lambda said=said: timed.logged(said))
        timed.passes(days=7)
    [message] = timed.waits_until(
        lambda: [one for one in timed.shed.by_bot if "broadcast mode" in one.content]
    )
    return message


def labels(message: Any) -> list[str]:
    rows = message.data.get("components") or []
    return [one["label"] for row in rows for one in row["components"]]


def press(village: Village, message: Any, label: str) -> Any:
    """A host presses; gives the answer, once it is there."""
    pressed = village.hana.presses(message, label)
    village.waits_until(lambda: pressed.words)
    return pressed


def test_the_alarm_says_all_has_its_chart_and_can_be_acted_upon(
    timed: Village, alarmed: Any
) -> None:
    assert "of 48 posts were replies (0 %, likely between 0 and" in alarmed.content
    assert "One thing to try:" in alarmed.content
    assert labels(alarmed) == BUTTONS
    [picture] = alarmed.data["attachments"]
    assert picture["description"].startswith("Share of posts that were replies in tea-room")

    assert "says no more of tea-room" in press(timed, alarmed, "We know").words
    assert "says nothing of tea-room until" in press(timed, alarmed, "Quiet for 8 weeks").words
    event = press(timed, alarmed, "This was an event").words
    assert "are an event in tea-room now" in event
    assert "there is no alarm in tea-room" in event


def test_only_hosts_may_act_upon_it(timed: Village, alarmed: Any) -> None:
    ada = timed.discord.person("Ada").joins(timed.garden)
    pressed = ada.presses(alarmed, "This was an event")
    timed.waits_until(lambda: pressed.words)

    assert pressed.words == "pulse event is for hosts. You can ask one of them."
