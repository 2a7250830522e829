"""Who may do what: every address and method of the portal, and what each kind of visitor gets there.

The rules: an object that is not yours is not found (404); a function that is none of your duties is forbidden (403);
who is not signed in is led to sign-in (303), or keeps what was typed on a page that says so (401). Only officers who
receive, check or approve open cases; checking, accepting, returning and closing belong to CHECK, approving and refusing
to APPROVE. A test fails when a route is not in this table, or a row has no route.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from tests.access.cast import Who

Outcome = Mapping[Who, int]
Fields = Mapping[str, str]

SIGN_IN, ENDED, SEE, FORBIDDEN, NOT_FOUND, CONFLICT, INVALID = 303, 401, 303, 403, 404, 409, 422


@dataclass(frozen=True)
class Row:
    """One address with one method: in which case it is tried, what is sent, and who gets what.

    `token` is the purpose of the form token that everybody sends, each their own; `own_session`: tried with a session
    that is used for nothing else.
    """

    method: str
    path: str
    gets: Outcome
    at: str = "person"
    send: Fields = field(default_factory=dict)
    token: str = ""
    file: str = ""
    query: str = ""
    own_session: bool = False
    also: Mapping[str, str] = field(default_factory=dict)


def _everybody(status: int) -> Outcome:
    return dict.fromkeys(Who, status)


def _citizens(owner: int, other: int, stranger: int) -> Outcome:
    return _everybody(FORBIDDEN) | {
        Who.STRANGER: stranger,
        Who.SUSPENDED: stranger,
        Who.OWNER: owner,
        Who.OTHER: other,
    }


def mine(status: int = 200, stranger: int = SIGN_IN) -> Outcome:
    """An object of the owner: for everybody else who is a citizen it is not there."""
    return _citizens(status, NOT_FOUND, stranger)


def each(status: int = 200, stranger: int = SIGN_IN) -> Outcome:
    """A page that shows every citizen their own."""
    return _citizens(status, status, stranger)


def desk(
    *,
    receiver: int = 200,
    checker: int = 200,
    approver: int = 200,
    officer: int = 200,
    elsewhere: int = NOT_FOUND,
    stranger: int = SIGN_IN,
) -> Outcome:
    """Something at the officers' desk: never for citizens, cashiers and managers."""
    return _everybody(FORBIDDEN) | {
        Who.STRANGER: stranger,
        Who.SUSPENDED: stranger,
        Who.ELSEWHERE: elsewhere,
        Who.RECEIVER: receiver,
        Who.CHECKER: checker,
        Who.APPROVER: approver,
        Who.OFFICER: officer,
    }


def _get(path: str, gets: Outcome, at: str = "person", query: str = "", **also: str) -> Row:
    return Row("GET", path, gets, at, query=query, also=also)


def _post(path: str, gets: Outcome, at: str = "person", send: Fields = {}, token: str = "", **also: str) -> Row:
    return Row("POST", path, gets, at, send, token, also=also)
