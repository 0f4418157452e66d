"""Weaver's words: Jinja2 templates, strict and sandboxed, one folder a plugin."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from jinja2 import FileSystemLoader, StrictUndefined, TemplateError
from jinja2.sandbox import SandboxedEnvironment

from bot.domain.errors import UserError

SUFFIX = ".j2"


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


def check(package: str) -> None:
    """Parse every template of a plugin; UserError names file and line of the first that fails."""
    folder = folder_of(package)
    for path in sorted(folder.rglob(f"*{SUFFIX}")):
        try:
            environment(folder, "").parse(path.read_text("utf-8"))
        except TemplateError as error:
            line = getattr(error, "lineno", "?")
            raise UserError(f"{path}, line {line}: the template does not parse: {error}") from None
