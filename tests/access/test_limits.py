"""How much and how often: too large is refused in our words, too often is counted by address for all workers."""

import hashlib
from collections.abc import Iterator
from datetime import datetime

import httpx2
import pytest
from sqlalchemy import select

from app.core import rates
from app.core.db import Database
from app.core.errors import TooMany
from app.core.rates import RateCount
from app.demo.running import Running
from app.main import PAGE_LIMIT, UPLOAD_LIMIT
from tests.access import dress
from tests.access.cases import Cases
from tests.access.cast import Cast, Visitor, Who

NOTICE = "ไฟล์หรือข้อความใหญ่เกินที่รับได้"
LIMITS = {"/verify/0000-0000-00000": 30, "/track/AB-2569-00001": 20}


def stream(size: int, piece: int = 64 * 1024) -> Iterator[bytes]:
    """A file of which nobody says beforehand how long it is."""
    yield b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.jpg"\r\n\r\n'
    for _ in range(size // piece + 1):
        yield b"x" * piece


@pytest.mark.parametrize("who", [Who.OWNER, Who.STRANGER])
def test_a_form_above_its_limit_gets_our_page_while_the_browser_still_sends(cast: Cast, made: Cases, who: Who) -> None:
    save = made.path("/forms/{form_id}/topics/{topic}", "draft")
    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    answer = cast[who].ask("POST", save, kind, content=b"a=" + b"x" * 8 * PAGE_LIMIT)

    assert answer.status_code == 413
    assert NOTICE in answer.text
    assert dress.faults(answer.headers) == []


@pytest.mark.parametrize("who", [Who.OWNER, Who.STRANGER])
def test_a_file_that_never_said_how_large_it_is_is_stopped_at_the_limit(cast: Cast, made: Cases, who: Who) -> None:
    upload = made.path("/forms/{form_id}/documents/{key}", "draft")
    kind = {"Content-Type": "multipart/form-data; boundary=b"}
    answer = cast[who].ask("POST", upload, kind, content=stream(2 * UPLOAD_LIMIT))

    assert answer.status_code == 413
    assert NOTICE in answer.text


def test_a_file_may_be_as_large_as_we_say_and_no_larger(cast: Cast, made: Cases) -> None:
    upload = made.path("/forms/{form_id}/documents/{key}", "draft")
    owner = cast[Who.OWNER]
    fits = owner.ask("POST", upload, files={"file": ("a.exe", b"x" * (UPLOAD_LIMIT - 1024))})
    too_big = owner.ask("POST", upload, files={"file": ("a.jpg", b"x" * (UPLOAD_LIMIT + 1))})

    assert fits.status_code == 422
    assert too_big.status_code == 413
    assert NOTICE in too_big.text


def test_only_addresses_that_take_files_take_large_bodies(cast: Cast, made: Cases) -> None:
    remove = made.path("/forms/{form_id}/documents/{key}/remove", "draft")

    for path in (remove, "/callbacks/bank", "/csp-report", "/sign-out", "/nothing"):
        assert cast[Who.OTHER].ask("POST", path, content=b"x" * (PAGE_LIMIT + 1)).status_code == 413


FIELD = b'--b\r\nContent-Disposition: form-data; name="%s"\r\n\r\n%s\r\n'
UNREADABLE = {
    "too many fields": ("application/x-www-form-urlencoded", b"&".join(b"f%d=1" % n for n in range(5000))),
    "a field too long": ("multipart/form-data; boundary=b", FIELD % (b"a", b"x" * 300 * 1024) + b"--b--\r\n"),
    "a field too long, in the address's way of writing": (
        "application/x-www-form-urlencoded",
        b"a=" + b"x" * 300 * 1024,
    ),
    "no boundary": ("multipart/form-data", b"what"),
}
ODD = {
    "another kind of body": ("text/plain", b"shop_name=x"),
    "parts that are none": ("multipart/form-data; boundary=b", b"--b\r\nnonsense"),
    "bytes of no alphabet": ("application/x-www-form-urlencoded", b"shop_name=%ED%A0%80%00%FF&opening_hours=%00"),
    "a foreign alphabet": (
        "multipart/form-data; boundary=b; charset=utf-16",
        FIELD % (b"shop_name", b"\xd8\x00") + b"--b--\r\n",
    ),
    "an invented alphabet": (
        "multipart/form-data; boundary=b; charset=x",
        FIELD % (b"shop_name", b"\xff") + b"--b--\r\n",
    ),
    "an alphabet that is a program": (
        "multipart/form-data; boundary=b; charset=unicode_escape",
        FIELD % (b"shop_name", b"\\ud800") + b"--b--\r\n",
    ),
}


@pytest.mark.parametrize("what", UNREADABLE)
def test_a_form_that_cannot_be_read_is_refused_on_a_page(cast: Cast, made: Cases, what: str) -> None:
    kind, body = UNREADABLE[what]
    save = made.path("/forms/{form_id}/topics/{topic}", "draft")
    answer = cast[Who.OWNER].ask("POST", save, {"Content-Type": kind}, content=body)

    assert answer.status_code == 422
    assert "เราอ่านไม่ได้" in answer.text
    assert dress.faults(answer.headers) == []


@pytest.mark.parametrize("what", ODD)
def test_a_strange_form_never_breaks_a_page(cast: Cast, made: Cases, what: str) -> None:
    kind, body = ODD[what]
    save = made.path("/forms/{form_id}/topics/{topic}", "draft")
    answer = cast[Who.OWNER].ask("POST", save, {"Content-Type": kind}, content=body)

    assert answer.status_code in {409, 422} or answer.headers["location"].startswith(save)
    assert dress.faults(answer.headers) == []


# — How often ——————————————————————————————————————————————————————————————————————————————————————————————————————————


@pytest.mark.parametrize("path", LIMITS)
def test_who_guesses_is_stopped_and_told_when_to_come_back(here: Running, path: str) -> None:
    guesser = Visitor(Who.STRANGER, here.url, "127.0.0.201")
    answers: list[httpx2.Response] = []
    while len(answers) <= 2 * LIMITS[path] and (not answers or answers[-1].status_code != 429):
        answers.append(guesser.ask("GET", path))
    guesser.client.close()

    stopped = answers[-1]
    assert stopped.status_code == 429
    assert len(answers) > LIMITS[path]
    assert {answer.status_code for answer in answers[:-1]} == {404}
    assert 0 < int(stopped.headers["retry-after"]) <= 60
    assert "รอสักครู่" in stopped.text
    assert dress.faults(stopped.headers) == []


def test_who_guesses_does_not_stop_their_neighbours(here: Running) -> None:
    path = next(iter(LIMITS))
    neighbour = Visitor(Who.STRANGER, here.url, "127.0.0.202")
    assert neighbour.ask("GET", path).status_code == 404
    neighbour.client.close()


def test_two_workers_count_together(database: Database, now: datetime) -> None:
    other_worker = Database(database.url)
    try:
        for worker in (database, other_worker) * 3:
            with worker.transaction() as db:
                rates.take(db, "verify", "192.0.2.1", now, limit=6, per_seconds=60)
        for worker in (database, other_worker):
            with pytest.raises(TooMany), worker.transaction() as db:
                rates.take(db, "verify", "192.0.2.1", now, limit=6, per_seconds=60)
    finally:
        other_worker.close()


@pytest.mark.parametrize("header", ["X-Forwarded-For", "X-Real-IP", "Forwarded", "X-Client-IP", "True-Client-IP"])
def test_nobody_chooses_the_address_they_are_counted_under(cast: Cast, header: str) -> None:
    claimed = "198.51.100.7"
    visitor = Visitor(Who.STRANGER, cast.here.url, "127.0.0.1")
    visitor.ask("GET", next(iter(LIMITS)), {header: f"for={claimed}" if header == "Forwarded" else claimed})
    visitor.client.close()

    with cast.database.transaction() as db:
        counted = set(db.scalars(select(RateCount.key)))
    keys = {address: hashlib.sha256(f"verify:{address}".encode()).hexdigest() for address in (claimed, "127.0.0.1")}
    assert keys["127.0.0.1"] in counted
    assert keys[claimed] not in counted
