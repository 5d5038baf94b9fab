"""The methods of the Bot API with their parameters, and the objects whose fields are checked for strangers."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

LEGACY = frozenset(("reply_to_message_id", "allow_sending_without_reply", "disable_web_page_preview"))


class Spec:
    """A version of the Bot API; `allow` adds to it what a newer server knows."""

    def __init__(self) -> None:
        fields = _read()
        self.version = str(fields["version"])
        self._methods = {name: set(names.split()) for name, names in fields["methods"].items()}
        self._objects = {name: set(names.split()) for name, names in fields["objects"].items()}
        self._spelling = {name.lower(): name for name in self._methods}

    def method(self, name: str) -> str:
        """Take a method's name in any case; give it as documented, or an empty text where there is no such method."""
        return str(self._spelling.get(name.lower(), ""))

    def allow(self, method: str, *parameters: str) -> None:
        """Take a method and parameters; know them from now on."""
        self._methods.setdefault(method, set()).update(parameters)
        self._spelling[method.lower()] = method

    def strangers(self, method: str, names: set[str]) -> list[str]:
        """Take a method and the names of the parameters given to it; give those that it does not have."""
        return sorted(names - self._methods[method] - LEGACY)

    def odd_fields(self, kind: str, given: Any) -> list[str]:
        """Take a type of object and one given as such; give the fields that the type does not have."""
        return sorted(set(given) - self._objects[kind]) if isinstance(given, dict) else []


@cache
def _read() -> dict[str, Any]:
    fields: dict[str, Any] = json.loads((Path(__file__).parent / "bot_api.json").read_text("utf-8"))
    return fields
