"""The arguments of one call, read as the server reads them: all may come as text, and numbers are clamped."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from .refusals import bad_request


@dataclass(frozen=True)
class Upload:
    """A file that came with a call."""

    name: str
    content_type: str
    data: bytes


@dataclass
class Arguments:
    """One call's method, its arguments by name, and the files that came with it."""

    method: str
    given: dict[str, Any] = field(default_factory=dict)
    files: dict[str, Upload] = field(default_factory=dict)

    def __contains__(self, name: str) -> bool:
        """Say whether the argument was given and is not empty."""
        return self.given.get(name) not in (None, "")

    def text(self, name: str) -> str:
        """Give an argument as text, empty where it is absent."""
        value = self.given.get(name)
        if value is None:
            return ""
        if isinstance(value, bool):
            return "true" if value else "false"
        return value if isinstance(value, str) else json.dumps(value) if isinstance(value, dict | list) else str(value)

    def integer(self, name: str, default: int = 0, low: int | None = None, high: int | None = None) -> int:
        """Give an argument as a number, brought within its bounds; the default where it is absent or no number."""
        try:
            number = int(float(self.text(name))) if name in self else default
        except ValueError:
            number = 0
        number = number if low is None else max(low, number)
        return number if high is None else min(high, number)

    def flag(self, name: str) -> bool:
        """Give an argument as yes or no."""
        return self.text(name).lower() in ("true", "yes", "1")

    def json(self, name: str, what: str) -> Any:
        """Give an argument that is JSON, or None where it is absent; `what` names it in the refusal."""
        value = self.given.get(name)
        if value in (None, ""):
            return None
        if not isinstance(value, str):
            return value
        try:
            return json.loads(value)
        except ValueError:
            raise bad_request(f"can't parse {what} JSON object") from None

    def upload(self, name: str) -> Upload | None:
        """Give the file of an argument, sent under its own name or under the one that attach:// points to."""
        value = self.text(name)
        return self.files.get(value.removeprefix("attach://") if value.startswith("attach://") else name)
