"""Interests that newcomers choose: a button or a select, a role or a place."""

from tests.adapters.discord.arrivals import INTEREST, comes, greetings
from tests.adapters.discord.village import Village


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
