"""The ways a command can refuse. A page turns each into words and a status; nothing here knows HTTP or a language."""

from collections.abc import Mapping


class DomainError(Exception):
    """A refusal that is part of the business, with a message for the person (a gettext msgid)."""

    status = 400

    def __init__(self, message: str = "", **values: object) -> None:
        super().__init__(message)
        self.message = message
        self.values = values


class NotFound(DomainError):
    """No such thing, or not yours: the two are never told apart (no oracle for strangers)."""

    status = 404


class Forbidden(DomainError):
    """You are known, the thing is visible to you, but the act is not among your duties."""

    status = 403


class SignInNeeded(DomainError):
    """Nobody is signed in, or the session has ended; the page leads to sign-in and back."""

    status = 401


class Conflict(DomainError):
    """The state moved on while you were looking; nothing was changed."""

    status = 409


class Invalid(DomainError):
    """What was sent does not fit. `problems` maps a field name to a message (msgid)."""

    status = 422

    def __init__(self, message: str = "", problems: Mapping[str, str] | None = None, **values: object) -> None:
        super().__init__(message, **values)
        self.problems = dict(problems or {})


class TooMany(DomainError):
    """Asked too often; `retry_after` seconds until the next try is counted."""

    status = 429

    def __init__(self, message: str = "", retry_after: int = 60) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class Unavailable(DomainError):
    """Something outside us does not answer now; what was entered is kept."""

    status = 503
