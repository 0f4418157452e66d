"""Words come from templates: strict, sandboxed, escaped where they become HTML."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from jinja2 import UndefinedError
from jinja2.exceptions import SecurityError

from bot.domain.errors import UserError
from bot.kernel import templates


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Make a package with some templates."""
    name = f"words_{tmp_path.name.replace('-', '_')}"
    folder = tmp_path / name / "templates"
    (folder / "cy").mkdir(parents=True)
    (folder.parent / "__init__.py").touch()
    (folder / "hello.md.j2").write_text("\nHello {{ name }}\n{% if more %}\nMore\n{% endif %}\n")
    (folder / "cy" / "hello.md.j2").write_text("Helo {{ name }}")
    (folder / "box.html.j2").write_text("<p>{{ name }}</p>")
    (folder / "escape.md.j2").write_text("{{ name.__class__.__mro__ }}")
    monkeypatch.syspath_prepend(tmp_path)
    yield name
    sys.modules.pop(name, None)
    templates.folder_of.cache_clear()
    templates.environment.cache_clear()


def test_a_template_is_filled_and_its_ends_are_trimmed(package: str) -> None:
    assert templates.render(package, "en", "hello.md", name="Ada", more=False) == "Hello Ada"
    assert templates.render(package, "en", "hello.md", name="Ada", more=True) == "Hello Ada\nMore"


def test_a_translation_comes_first_and_a_missing_one_falls_back(package: str) -> None:
    assert templates.render(package, "cy", "hello.md", name="Ada") == "Helo Ada"
    assert templates.render(package, "cy", "box.html", name="Ada") == "<p>Ada</p>"


def test_what_becomes_html_is_escaped_and_what_becomes_text_is_not(package: str) -> None:
    name = "<b>Ada & co</b>"
    escaped = "<p>&lt;b&gt;Ada &amp; co&lt;/b&gt;</p>"

    assert templates.render(package, "en", "box.html", name=name) == escaped
    assert templates.render(package, "cy", "hello.md", name=name) == f"Helo {name}"


def test_a_value_that_is_missing_is_an_error_not_a_gap(package: str) -> None:
    with pytest.raises(UndefinedError):
        templates.render(package, "en", "hello.md", more=True)


def test_a_template_reaches_nothing_but_its_values(package: str) -> None:
    with pytest.raises(SecurityError):
        templates.render(package, "en", "escape.md", name="Ada")


def test_a_value_is_never_taken_for_a_template(package: str) -> None:
    said = templates.render(package, "cy", "hello.md", name="{{ 7 * 7 }}")
    assert said == "Helo {{ 7 * 7 }}"


def test_a_template_that_does_not_parse_is_named_with_its_line(
    package: str, tmp_path: Path
) -> None:
    templates.check(package)
    broken = tmp_path / package / "templates" / "cy" / "broken.md.j2"
    broken.write_text("Fine\n{% if %}\n")

    with pytest.raises(UserError) as refused:
        templates.check(package)
    assert str(refused.value).startswith(f"{broken}, line 2: the template does not parse")
    assert "\n" not in str(refused.value)


def test_a_plugin_without_templates_is_sound() -> None:
    templates.check("bot")


def test_hosts_own_words_are_filled() -> None:
    words = "Hello {{ name }}, good to see you. {{name}}!"

    assert templates.fill(words, name="<Ada>") == "Hello <Ada>, good to see you. <Ada>!"


@pytest.mark.parametrize(
    "words",
    [
        "{{ nme }}",
        "{{ name.upper() }}",
        "{{ name | upper }}",
        "{% for x in range(9) %}x{% endfor %}",
        "{{ name",
        "{{ 9 ** 9 }}",
    ],
)
def test_words_that_want_more_than_a_value_are_refused(words: str) -> None:
    with pytest.raises(UserError, match=r"only these may stand in braces: \{\{ name \}\}"):
        templates.fill(words, name="Ada")
