"""What the operator reads: one record a line, whatever is thrown at us, and nothing about anybody in it."""

import io
import json
import logging

import pytest
import structlog

from app.core import logs
from tests.access.cast import NUMBERS, Cast, Who
from tests.access.hostile import MARK
from tests.access.test_turns import FAILURES, failing_at_commit
from tests.access.walking import Walked

FORGED = '{"level": "info", "event": "all is well"}'


@pytest.fixture
def written() -> io.StringIO:
    """A logger's output as the operator has it; the logger is named "told"."""
    out = io.StringIO()
    handler = logging.StreamHandler(out)
    handler.setFormatter(logs.lines())
    logger = logging.getLogger("told")
    logger.handlers = [handler]
    logs.configure()
    return out


def find(citizen_id: str) -> str:
    """Somebody who is not there, told with the number that was looked for."""
    people: dict[str, str] = {}
    try:
        return people[citizen_id]
    except KeyError as cause:
        raise ValueError(f"no such person: {citizen_id}") from cause


def lines(said: io.StringIO) -> list[dict[str, object]]:
    return [json.loads(line) for line in said.getvalue().split("\n") if line]


def test_a_whole_run_with_hostile_people_says_nothing_about_anybody(
    walked: Walked, said: io.StringIO, cast: Cast
) -> None:
    assert walked.cells
    everything = said.getvalue()
    tokens = [visitor.token for visitor in cast.visitors.values() if visitor.token]

    assert "Starting job" in everything
    assert [word for word in (MARK, "ตาสี", *NUMBERS.values(), *tokens) if json.dumps(word)[1:-1] in everything] == []


def test_every_record_of_a_whole_run_is_one_line_of_json(walked: Walked, said: io.StringIO) -> None:
    assert walked.cells
    assert all({"event", "level", "timestamp"} <= record.keys() for record in lines(said))


def test_a_failure_at_the_database_tells_where_and_not_what(
    cast: Cast, owners_url: str, said: io.StringIO, walked: Walked
) -> None:
    assert walked.cells
    before = len(said.getvalue())
    other = cast[Who.OTHER]
    data = {"given": "yes", "token": cast.form_token(other, "consents")}
    with failing_at_commit(owners_url, FAILURES["a constraint that is only checked at the end"]):
        other.ask("POST", "/consents/reuse", data=data)

    said.seek(before)
    told = [record for line in said.read().split("\n") if line and "unhandled" in (record := json.loads(line))["event"]]
    assert len(told) == 1
    assert told[0]["path"] == "/consents/reuse"
    assert told[0]["error"]["kinds"][-1] == "RaiseException"
    assert any(place.startswith("app/core/db.py:") for place in told[0]["error"]["places"])
    assert "at the end" not in json.dumps(told)


def test_an_error_is_told_without_its_message_and_without_what_was_at_hand(written: io.StringIO) -> None:
    citizen_id = NUMBERS[Who.OWNER]
    try:
        find(citizen_id)
    except ValueError:
        structlog.get_logger("told").exception("unhandled")
        logging.getLogger("told").exception("a library's own word")

    ours, theirs = lines(written)
    assert ours["event"] == "unhandled"
    assert theirs["event"] == "a library's own word"
    assert ours["error"] == theirs["error"]
    assert ours["error"]["kinds"] == ["ValueError", "KeyError"]  # type: ignore[index]
    assert citizen_id not in written.getvalue()


def test_an_error_about_the_program_keeps_its_message(written: io.StringIO) -> None:
    try:
        _ = object().nothing  # type: ignore[attr-defined]
    except AttributeError:
        structlog.get_logger("told").exception("unhandled")

    [record] = lines(written)
    assert record["error"]["kinds"] == ["AttributeError: 'object' object has no attribute 'nothing'"]  # type: ignore[index]


@pytest.mark.parametrize("breaking", ["\n", "\r\n", "\r", "\x0b", "\x0c", "\x85", "\u2028", "\u2029", "\x1b[2K"])
def test_nobody_writes_a_line_of_their_own(written: io.StringIO, breaking: str) -> None:
    event = f"event{breaking}{FORGED}"
    structlog.get_logger("told").warning(event, path=event)
    logging.getLogger("told").warning("library %s", f"{breaking}{FORGED}")

    assert len(written.getvalue().splitlines()) == len(lines(written)) == 2
    assert written.getvalue().isascii()
