"""Who arrives while Weaver is away is greeted once, and nobody who was there before."""

import pytest

from tests.adapters.discord.arrivals import comes, greetings, hears
from tests.adapters.discord.village import Village


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
