"""How Telegram says no: one exception that carries the status, the wording and the parameters of a refusal."""

from __future__ import annotations

from typing import Any

BAD_REQUEST = 400
FORBIDDEN = 403


class Refusal(Exception):  # noqa: N818 - it is an answer, not an error of the stand-in
    """A refusal of one call: takes the HTTP status, the description and, if any, the response parameters."""

    def __init__(self, code: int, description: str, **parameters: int) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.parameters = parameters

    def json(self) -> dict[str, Any]:
        """Give the body that Telegram would send."""
        body: dict[str, Any] = {"ok": False, "error_code": self.code, "description": self.description}
        if self.parameters:
            body["parameters"] = self.parameters
        return body


def bad_request(reason: str) -> Refusal:
    """Take a reason in Telegram's words; give the 400 refusal, its first letter lowered as Telegram lowers it.

    Codes such as BUTTON_DATA_INVALID keep their capitals.
    """
    if len(reason) > 1 and (reason[1] == "_" or reason[1].isupper()):
        return Refusal(BAD_REQUEST, f"Bad Request: {reason}")
    return Refusal(BAD_REQUEST, f"Bad Request: {reason[:1].lower()}{reason[1:]}")


def forbidden(reason: str) -> Refusal:
    """Take a reason; give the 403 refusal."""
    return Refusal(FORBIDDEN, f"Forbidden: {reason}")


def too_many_requests(retry_after: int) -> Refusal:
    """Take a number of seconds; give the 429 refusal that asks the caller to wait so long."""
    return Refusal(429, f"Too Many Requests: retry after {retry_after}", retry_after=retry_after)


def conflict(reason: str) -> Refusal:
    """Take a reason; give the 409 refusal."""
    return Refusal(409, f"Conflict: {reason}")
