"""Few turns at the database for many people: nobody waits for a slow phone, nothing is said to be kept that is not."""

import asyncio
import time
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import psycopg
import pytest

from app.demo.running import Running
from app.pages.who import COOKIE
from tests.access import dress
from tests.access.cases import Cases
from tests.access.cast import Cast, Who

CROWD = 50
PATIENCE_SECONDS = 10.0
SLOW_SECONDS = 4.0
"""How long a slow phone takes for its body: longer than anybody else may have to wait meanwhile."""


class Connection:
    """One HTTP connection of which every byte is sent by hand."""

    def __init__(self, here: Running, token: str) -> None:
        self.host, self.port = urlsplit(here.url).hostname, urlsplit(here.url).port
        self.token = token

    async def open(self) -> None:
        self.reader, self.writer = await asyncio.open_connection(self.host, self.port)

    async def send(self, data: bytes) -> None:
        self.writer.write(data)
        await self.writer.drain()

    async def begin(self, method: str, path: str, *headers: str) -> None:
        lines = [
            f"{method} {path} HTTP/1.1",
            f"Host: {self.host}:{self.port}",
            f"Cookie: {COOKIE}={self.token}",
            *headers,
        ]
        await self.send("\r\n".join([*lines, "Sec-Fetch-Site: same-origin", "Connection: close", "", ""]).encode())

    async def status(self) -> int:
        """The status of the answer, read to its end."""
        answer = await self.reader.read()
        self.writer.close()
        return int(answer.split(b" ", 2)[1])


async def page(here: Running, token: str, path: str) -> tuple[int, float]:
    """A page asked for: its status and how many seconds it took."""
    started = time.monotonic()
    line = Connection(here, token)
    await line.open()
    await line.begin("GET", path)
    return await line.status(), time.monotonic() - started


async def trickle(here: Running, token: str, path: str) -> int:
    """A file that is no document, sent as slowly as a phone in a tunnel would."""
    body = (
        b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.exe"\r\n\r\n' + b"x" * 40 + b"\r\n--b--\r\n"
    )
    line = Connection(here, token)
    await line.open()
    await line.begin("POST", path, "Content-Type: multipart/form-data; boundary=b", f"Content-Length: {len(body)}")
    for piece in (body[i : i + 10] for i in range(0, len(body), 10)):
        await line.send(piece)
        await asyncio.sleep(SLOW_SECONDS * 10 / len(body))
    return await line.status()


def test_fifty_requests_at_once_are_all_answered(here: Running, cast: Cast) -> None:
    async def crowd() -> list[tuple[int, float]]:
        paths = ("/my", "/access", "/consents", "/services", "/livez") * (CROWD // 5)
        return await asyncio.gather(*(page(here, cast[Who.OTHER].token, path) for path in paths))

    answers = asyncio.run(crowd())

    assert {status for status, _ in answers} == {200}
    assert max(seconds for _, seconds in answers) < PATIENCE_SECONDS


def test_fifty_slow_uploads_hold_nobody_up(here: Running, cast: Cast, made: Cases) -> None:
    owner = cast[Who.OWNER].token
    upload = made.path("/forms/{form_id}/documents/{key}", "draft")
    asks_for_no_body = made.path("/forms/{form_id}/documents/nothing/remove", "draft")

    async def crowd() -> tuple[list[int], list[tuple[int, float]]]:
        paths = (upload, asks_for_no_body) * (CROWD // 2)
        slow = [asyncio.create_task(trickle(here, owner, path)) for path in paths]
        await asyncio.sleep(SLOW_SECONDS / 4)
        quick = [await page(here, cast[Who.OTHER].token, "/my") for _ in range(5)]
        still_sending = sum(not task.done() for task in slow)
        assert still_sending == CROWD
        return await asyncio.gather(*slow), quick

    refused, quick = asyncio.run(crowd())

    assert refused == [422, 404] * (CROWD // 2)
    assert {status for status, _ in quick} == {200}
    assert max(seconds for _, seconds in quick) < SLOW_SECONDS / 4


def test_who_hangs_up_in_the_middle_takes_no_turn_away(here: Running, cast: Cast, made: Cases) -> None:
    upload = made.path("/forms/{form_id}/documents/{key}", "draft")

    async def crowd() -> tuple[int, float]:
        for _ in range(10):
            line = Connection(here, cast[Who.OWNER].token)
            await line.open()
            await line.begin("POST", upload, "Content-Type: multipart/form-data; boundary=b", "Content-Length: 5000")
            await line.send(b"--b\r\n")
            line.writer.close()
            asked = Connection(here, cast[Who.OWNER].token)
            await asked.open()
            await asked.begin("GET", "/my")
            asked.writer.close()
        return await page(here, cast[Who.OTHER].token, "/my")

    status, seconds = asyncio.run(crowd())

    assert status == 200
    assert seconds < PATIENCE_SECONDS


# — What cannot be kept ————————————————————————————————————————————————————————————————————————————————————————————————

FAILURES = {
    "a constraint that is only checked at the end": "raise exception 'at the end: %', new",
    "a connection that breaks at the end": "perform pg_terminate_backend(pg_backend_pid())",
}


@contextmanager
def failing_at_commit(owners_url: str, how: str) -> Iterator[None]:
    """Consents cannot be committed: every statement goes well, and the end does not."""
    with psycopg.connect(owners_url, autocommit=True) as connection:
        connection.execute(
            "create function fail_at_the_end() returns trigger language plpgsql security definer as "
            f"$$ begin {how}; return null; end $$"
        )
        connection.execute(
            "create constraint trigger fail_at_the_end after insert on consents deferrable initially deferred "
            "for each row execute function fail_at_the_end()"
        )
        try:
            yield
        finally:
            connection.execute("drop trigger fail_at_the_end on consents")
            connection.execute("drop function fail_at_the_end")


@pytest.mark.parametrize("how", FAILURES)
def test_what_could_not_be_committed_is_never_said_to_be_done(cast: Cast, owners_url: str, how: str) -> None:
    other = cast[Who.OTHER]
    data = {"given": "yes", "token": cast.form_token(other, "consents")}
    before = other.ask("GET", "/consents").text.count("คุณอนุญาต")

    with failing_at_commit(owners_url, FAILURES[how]):
        answer = other.ask("POST", "/consents/reuse", data=data)

    assert answer.status_code == 500
    assert "ระบบมีปัญหา" in answer.text
    assert "at the end" not in answer.text
    assert dress.faults(answer.headers) == []
    assert other.ask("GET", "/consents").text.count("คุณอนุญาต") == before


def test_after_the_connections_were_cut_the_next_page_comes_as_always(cast: Cast, owners_url: str) -> None:
    with psycopg.connect(owners_url, autocommit=True) as connection:
        connection.execute(
            "select pg_terminate_backend(pid) from pg_stat_activity "
            "where datname = current_database() and usename = 'portal' and pid <> pg_backend_pid()"
        )

    assert cast[Who.OTHER].ask("GET", "/my").status_code == 200
