"""People read commands in their own language, where somebody translated them."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.adapters.discord.commands import Offered
from bot.adapters.discord.locales import LOCALES, locales_of
from bot.adapters.discord.offering import Offering
from bot.kernel.registry import installed
from bot.kernel.translations import translated
from tests.adapters.discord.grounds import DiscordGrounds

GERMAN = """
group = "gespräche"

[commands.propose]
name = "vorschlagen"
help = "Schlage ein Thema für ein Gespräch vor."
parameters = { topic = "thema" }

[commands.suggest]
menu = "Als Thema vorschlagen"
"""
SPANISH = '[commands.propose]\nname = "proponer"\n'
WELSH = '[commands.propose]\nname = "cynnig"\n'


def test_names_are_told_in_every_language_there_is(grounds: DiscordGrounds, tmp_path: Path) -> None:
    folder = tmp_path / "translations"
    folder.mkdir()
    for language, words in (("de", GERMAN), ("es", SPANISH), ("cy", WELSH)):
        (folder / f"{language}.toml").write_text(words, encoding="utf-8")
    specs = {name: spec for name, (spec, _) in installed(["chats"])["chats"].commands.items()}
    offered = Offered(translated(specs, tmp_path).values())
    plain = Offered(specs.values())

    grounds.loop.run(Offering(grounds.adapter.api, grounds.state, lambda _: 0.0).tell(offered))

    [told] = grounds.discord.asked_for("PUT", "/commands")
    commands = {one["name"]: one for one in told.body}
    group = commands["chats"]
    assert group["name_localizations"] == {"de": "gespräche"}
    assert commands["chats-hosts"]["name_localizations"] == {"de": "gespräche-hosts"}
    [propose] = [one for one in group["options"] if one["name"] == "propose"]
    assert propose["name_localizations"] == {
        "de": "vorschlagen",
        "es-ES": "proponer",
        "es-419": "proponer",
    }, "Discord has no Welsh"
    assert propose["description_localizations"] == {"de": "Schlage ein Thema für ein Gespräch vor."}
    assert propose["options"][0]["name_localizations"] == {"de": "thema"}
    menu = commands["Propose as topic"]
    assert menu["name_localizations"] == {"de": "Als Thema vorschlagen"}
    assert offered.digest != plain.digest, "so that a translation is told"


@pytest.mark.parametrize(
    ("language", "locales"),
    [
        ("de", ["de"]),
        ("pt", ["pt-BR"]),
        ("pt_BR", ["pt-BR"]),
        ("en", ["en-GB", "en-US"]),
        ("zh-TW", ["zh-TW"]),
        ("cy", []),
    ],
)
def test_a_language_is_every_kind_of_it_that_discord_speaks(
    language: str, locales: list[str]
) -> None:
    assert locales_of(language) == locales
    assert set(locales) <= set(LOCALES)
