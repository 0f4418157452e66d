"""Judges every request and answer by Discord's own description, and by rules that it lacks."""

from __future__ import annotations

import copy
import json
import re
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

from tests.fakediscord import rules
from tests.fakediscord.differences import amended, with_forwards
from tests.fakediscord.shapes import Json

ROOT = "urn:discord"


class NoSpec:
    """Stands in where the description is absent: only the hand-written rules are applied."""

    def request(self, method: str, path: str, body: Any) -> list[str]:
        """Name what the hand-written rules find wrong with a request."""
        return [f"{method} {path}: {wrong}" for wrong in rules.broken(method, path, body)]

    def response(self, method: str, path: str, status: int, body: Any) -> list[str]:
        """Find nothing wrong with an answer."""
        return []


class Spec(NoSpec):
    """Discord's OpenAPI description. For requests every schema is closed: no key too many.

    With ``library``, what discord.py's own methods send besides is let through.
    """

    def __init__(self, document: Json, *, library: bool = True) -> None:
        self._document = document
        self._requests = _registry(_closed(amended(document, library=library)))
        self._responses = _registry(with_forwards(document))
        self._validators: dict[tuple[str, str], Draft202012Validator] = {}

    def request(self, method: str, path: str, body: Any) -> list[str]:
        """Name what is wrong with a request; ``path`` is the template of its route."""
        found = super().request(method, path, body)
        operation = self._operation(method, path)
        if operation is None:
            return [*found, f"{method} {path}: Discord has no such operation"]
        if body is None or "requestBody" not in operation:
            return found
        place = f"{_pointer(method, path)}/requestBody/content/application~1json/schema"
        wrong = self._errors("request", place, body)
        return [*found, *(f"{method} {path}: {each}" for each in wrong)]

    def response(self, method: str, path: str, status: int, body: Any) -> list[str]:
        """Name what is wrong with an answer of ours."""
        responses = (self._operation(method, path) or {}).get("responses", {})
        if str(status) not in responses and body is not None:
            return [f"{method} {path}: {status} is not among {sorted(responses)}"]
        if body is None or "application/json" not in responses[str(status)].get("content", {}):
            return []
        place = f"{_pointer(method, path)}/responses/{status}/content/application~1json/schema"
        travelled = json.loads(json.dumps(body))
        wrong = self._errors("response", place, travelled)
        return [f"{method} {path} answered {status}: {each}" for each in wrong]

    def _operation(self, method: str, path: str) -> Json | None:
        template: Json = self._document["paths"].get(path, {})
        return template.get(method.lower())

    def _errors(self, direction: str, place: str, body: Any) -> list[str]:
        key = (direction, place)
        if key not in self._validators:
            registry = self._requests if direction == "request" else self._responses
            reference = {"$ref": f"{ROOT}#{place}"}
            self._validators[key] = Draft202012Validator(reference, registry=registry)
        return [described(error) for error in self._validators[key].iter_errors(body)]


def described(error: ValidationError) -> str:
    """Say where a body is wrong and why; of alternatives, about the one that fits furthest."""
    while error.context:
        of_another_kind = {each.schema_path[0] for each in error.context if _tells_kinds(each)}
        fitting = [each for each in error.context if each.schema_path[0] not in of_another_kind]
        error = max(fitting or error.context, key=lambda inner: len(inner.absolute_path))
    place = "/".join(str(part) for part in error.absolute_path)
    return f"{place or 'the body'}: {error.message[:200]}"


def _tells_kinds(error: ValidationError) -> bool:
    """Tell whether an alternative is for objects of another ``type``."""
    return error.validator in {"enum", "const"} and list(error.absolute_path)[-1:] == ["type"]


@cache
def load(path: Path, *, library: bool = True) -> Spec:
    """Read the description once."""
    return Spec(json.loads(path.read_text(encoding="utf-8")), library=library)


def _closed(document: Json) -> Json:
    """Close every schema, so that a misspelt key is an error."""
    closed = copy.deepcopy(document)
    for schema in closed["components"]["schemas"].values():
        if schema.get("type") == "object" and "properties" in schema:
            schema.setdefault("additionalProperties", False)
    return closed


def _registry(document: Json) -> Registry[Any]:
    resource = Resource.from_contents(document, default_specification=DRAFT202012)
    return Registry().with_resource(ROOT, resource)


def _pointer(method: str, path: str) -> str:
    escaped = quote(re.sub("~", "~0", path).replace("/", "~1"), safe="~@")
    return f"/paths/{escaped}/{method.lower()}"
