"""Weaver's words: Jinja2 templates, strict and sandboxed, one folder a plugin."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from jinja2 import FileSystemLoader, StrictUndefined, TemplateError, nodes
from jinja2.sandbox import SandboxedEnvironment

from bot.domain.errors import UserError

SUFFIX = ".j2"
_BARE = SandboxedEnvironment(undefined=StrictUndefined)
_PLAIN = (nodes.Template, nodes.Output, nodes.TemplateData, nodes.Name)
"""What hosts' own words may be made of."""


def _is_html(name: str | None) -> bool:
    return name is not None and name.endswith(f".html{SUFFIX}")


@cache
def environment(folder: Path, language: str) -> SandboxedEnvironment:
    """Templates of a folder; a translation in ``<folder>/<language>/`` comes first."""
    return SandboxedEnvironment(
        loader=FileSystemLoader([folder / language, folder]),
        undefined=StrictUndefined,
        autoescape=_is_html,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )


@cache
def folder_of(package: str) -> Path:
    """The folder a plugin's templates are in."""
    return Path(str(files(package))) / "templates"


def render(package: str, language: str, name: str, /, **values: Any) -> str:
    """Fill the template ``name`` (without its ``.j2``) of a plugin; the ends are trimmed."""
    template = environment(folder_of(package), language).get_template(name + SUFFIX)
    return template.render(**values).strip()


def fill(words: str, /, **values: Any) -> str:
    """Fill words that hosts wrote: ``{{ name }}`` stands for a value, and nothing else is run.

    UserError names what cannot be, and what there is.
    """
    known = ", ".join(f"{{{{ {name} }}}}" for name in values)
    refusal = UserError(f"in your words only these may stand in braces: {known}")
    try:
        found = list(_BARE.parse(words).find_all(nodes.Node))
    except TemplateError:
        raise refusal from None
    if not all(isinstance(node, _PLAIN) for node in found):
        raise refusal
    if any(isinstance(node, nodes.Name) and node.name not in values for node in found):
        raise refusal
    return _BARE.from_string(words).render(**values).strip()


def check(package: str) -> None:
    """Parse every template of a plugin; UserError names file and line of the first that fails."""
    folder = folder_of(package)
    for path in sorted(folder.rglob(f"*{SUFFIX}")):
        try:
            environment(folder, "").parse(path.read_text("utf-8"))
        except TemplateError as error:
            line = getattr(error, "lineno", "?")
            raise UserError(f"{path}, line {line}: the template does not parse: {error}") from None
