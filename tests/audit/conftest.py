"""The audit's commands, run as the main command runs them."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import typer
from typer.testing import CliRunner

from bot.audit.cli import register
from bot.domain.errors import UserError


class Ran(NamedTuple):
    code: int
    out: str
    err: str


Weaver = Callable[..., Ran]


def only(ran: Ran) -> dict[str, Any]:
    """Read the one row that a table in JSON has."""
    assert ran.code == 0, ran.err
    [row] = json.loads(ran.out)
    assert isinstance(row, dict)
    return row


@pytest.fixture
def weaver() -> Weaver:
    app = typer.Typer()
    register(app)

    def run(*arguments: object, stdin: bytes | None = None) -> Ran:
        result = CliRunner().invoke(app, list(map(str, arguments)), input=stdin)
        if isinstance(result.exception, UserError):
            return Ran(2, result.stdout, f"weaver: {result.exception}\n")
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        return Ran(result.exit_code, result.stdout, result.stderr)

    return run


@pytest.fixture(scope="session")
def archives() -> Path:
    return Path(__file__).parents[1] / "fixtures" / "audit"
