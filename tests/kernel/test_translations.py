"""What commands are called elsewhere is read once, and mistakes in it are named."""

from pathlib import Path

import pytest

from bot.domain.commands import CommandSpec, Parameter, Said
from bot.domain.errors import UserError
from bot.kernel.translations import translated

SPECS = {"find": CommandSpec("roses", "find", "members", "Find.", (Parameter("name", str),))}


def written(folder: Path, text: str, language: str = "de") -> Path:
    (folder / "translations").mkdir(exist_ok=True)
    (folder / "translations" / f"{language}.toml").write_text(text, encoding="utf-8")
    return folder


def test_without_translations_commands_are_as_they_are(tmp_path: Path) -> None:
    assert translated(SPECS, tmp_path) == SPECS


def test_each_language_says_what_it_knows(tmp_path: Path) -> None:
    written(tmp_path, 'group = "rosen"\n[commands.find]\nname = "suche"\nparameters.name = "wort"')
    written(tmp_path, '[commands.find]\nhelp = "Trouve."', "fr")

    assert translated(SPECS, tmp_path)["find"].said == (
        Said("de", "rosen", "suche", parameters=(("name", "wort"),)),
        Said("fr", help="Trouve."),
    )


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("group = ", "de.toml"),
        ('[commands.lose]\nname = "x"', "'lose', which is not there"),
        ('[commands.find]\nnome = "x"', "'nome', which is not there"),
        ('[commands.find.parameters]\nhow = "x"', "'how', which is not there"),
        ('[commands.find]\nname = "Zwei Worte"', "is no name"),
        ("commands = 3", "is no table"),
    ],
)
def test_a_mistake_is_named_with_its_place(tmp_path: Path, text: str, complaint: str) -> None:
    with pytest.raises(UserError, match=complaint) as raised:
        translated(SPECS, written(tmp_path, text))
    assert "de.toml" in str(raised.value)
