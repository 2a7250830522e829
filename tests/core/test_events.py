"""What happened cannot be rewritten: by the portal not at all, by the owner not without the anchors telling."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from app.core import anchors, events
from app.core.anchors import AnchorBroken
from app.core.db import Database, new_id
from app.core.events import GENESIS, SYSTEM, Actor, Event, Fault, canonical, digest_of
from tests.world import at_once

LAWS = settings(
    deadline=None, derandomize=True, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
KEY = "a key that the database never sees"
CLERK = Actor("officer", new_id(), "ปรีชา ตัวอย่าง", for_applicant=new_id())

Heads = dict[str, tuple[int, str]]

words = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))
numbers = st.integers() | st.floats(allow_nan=False, allow_infinity=False)
anything = st.recursive(
    st.none() | st.booleans() | numbers | words,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(words, inner, max_size=3),
    max_leaves=8,
)


def happen(db: Session, now: datetime, stream: str = "case:1", times: int = 1, **facts: Any) -> None:
    for _ in range(times):
        events.record(db, stream, "case.move", CLERK, now, subject=CLERK.for_applicant, **facts)


def faults(database: Database, anchored: Heads | None = None) -> list[Fault]:
    with database.transaction() as db:
        return events.verify(db, anchored)[1]


# — the chain


def test_an_event_keeps_who_did_what_to_whom_when_and_for_whom(db: Session, now: datetime) -> None:
    subject = new_id()
    events.record(db, "case:1", "case.move", CLERK, now, subject=subject, number="สอ 2569-00001")
    db.expire_all()
    (event,) = events.history(db, "case:1")
    assert (event.seq, event.at, event.kind, event.subject_id) == (1, now, "case.move", subject)
    assert (event.actor_kind, event.acted_by, event.actor_name) == ("officer", CLERK.id, "ปรีชา ตัวอย่าง")
    assert (event.applicant_id, event.facts) == (CLERK.for_applicant, {"number": "สอ 2569-00001"})


def test_each_event_continues_the_one_before_it_in_its_stream(db: Session, now: datetime) -> None:
    for stream in ("case:1", "case:2", "case:1", "case:1"):
        happen(db, now, stream)
    ones, twos = events.history(db, "case:1"), events.history(db, "case:2")
    assert [event.seq for event in ones] == [1, 2, 3]
    assert [event.previous for event in ones] == [GENESIS, ones[0].digest, ones[1].digest]
    assert [(event.seq, event.previous) for event in twos] == [(1, GENESIS)]
    assert events.verify(db) == (4, [])
    assert events.heads(db) == {"case:1": (3, ones[2].digest), "case:2": (1, twos[0].digest)}


def test_an_event_belongs_to_the_transaction_of_its_cause(database: Database, now: datetime) -> None:
    def fail_after_it() -> None:
        with database.transaction() as db:
            happen(db, now)
            raise LookupError

    with pytest.raises(LookupError):
        fail_after_it()
    with database.transaction() as db:
        assert events.verify(db) == (0, [])


def test_the_system_acts_without_an_account(db: Session, now: datetime) -> None:
    events.record(db, "case:1", "case.lapse", SYSTEM, now)
    (event,) = events.history(db, "case:1")
    assert (event.actor_kind, event.acted_by, event.applicant_id, event.subject_id) == ("system", None, None, None)


def test_the_hash_does_not_depend_on_the_clock_s_zone(db: Session, now: datetime) -> None:
    happen(db, now.astimezone(timezone(timedelta(hours=7))))
    db.expire_all()
    assert events.history(db, "case:1")[0].at == now
    assert events.verify(db) == (1, [])


def test_eight_writers_of_one_stream_leave_a_chain_without_gap_or_fork(database: Database, now: datetime) -> None:
    def write(db: Session) -> None:
        happen(db, now, times=3)

    assert at_once(database.url, *[write] * 8)[1] == []
    with database.transaction() as db:
        assert [event.seq for event in events.history(db, "case:1")] == list(range(1, 25))
        assert events.verify(db) == (24, [])


@LAWS
@given(st.dictionaries(words, anything, max_size=4))
def test_whatever_is_told_verifies_when_it_is_read_back(db: Session, now: datetime, told: dict[str, Any]) -> None:
    stream = f"case:{new_id()}"
    happen(db, now, stream, told=told)
    db.expire_all()
    (event,) = events.history(db, stream)
    assert digest_of({c.key: getattr(event, c.key) for c in Event.__table__.columns}, GENESIS) == event.digest
    assert event.facts == {"told": told}


FORGED = [
    '"}\n{"stream": "case:1", "seq": 2, "kind": "case.approve"}',
    "line\r\n2026-11-20 INFO approved by somebody else",
    "\x1b[2K\x1b[31mred in a terminal\x08\x08\x7f",
    "'; drop table events; --",
    "%s %(stream)s {0} ${jndi:ldap://x}",
    "\u202egnp.exe \u200b \ufeff",
    "<script>alert(1)</script>",
    "\\u0000 \\n",
]


@pytest.mark.parametrize("forged", FORGED)
def test_words_that_try_to_look_like_another_entry_stay_words(db: Session, now: datetime, forged: str) -> None:
    events.record(db, "case:1", "case.move", Actor("citizen", None, forged), now, reason=forged)
    db.expire_all()
    (event,) = events.history(db, "case:1")
    assert (event.actor_name, event.facts) == (forged, {"reason": forged})
    assert "\n" not in canonical(event.facts)
    assert events.verify(db) == (1, [])


@pytest.mark.parametrize("name", ["case:1' or '1'='1", "case:%", "case:ปิ่น\n", "case:" + "x" * 75])
def test_a_stream_is_exactly_its_name(db: Session, now: datetime, name: str) -> None:
    happen(db, now)
    happen(db, now, name)
    assert ([e.seq for e in events.history(db, name)], events.verify(db)) == ([1], (2, []))


# — the portal cannot rewrite


@pytest.mark.parametrize(
    "statement",
    [
        "update events set facts = '{}'",
        "delete from events",
        "truncate events",
        "drop table events",
        "alter table events disable trigger all",
    ],
)
def test_the_portal_itself_may_neither_change_nor_remove_an_event(
    database: Database, now: datetime, statement: str
) -> None:
    with database.transaction() as db:
        happen(db, now)
    with pytest.raises(DBAPIError) as refused, database.transaction() as db:
        db.execute(text(statement))
    assert isinstance(refused.value.orig, psycopg.errors.InsufficientPrivilege)
    assert faults(database) == []


# — the owner can, but it shows

Rewrite = Callable[[psycopg.Connection], None]


@contextmanager
def two_streams(database: Database, owner_url: str, now: datetime) -> Iterator[psycopg.Connection]:
    """Five events of case 1 and two of case 2; what the owner does to them."""
    with database.transaction() as db:
        happen(db, now, "case:1", times=5, note="เดิม")
        happen(db, now, "case:2", times=2, note="เดิม")
    with psycopg.connect(owner_url) as owner:
        yield owner


SWAP = """
update events set seq = 105 - seq where stream = 'case:1' and seq in (2, 3);
update events set seq = seq - 100 where seq > 100
"""
FORGE = """
insert into events select stream, 6, at, kind, actor_kind, acted_by, actor_name, applicant_id, subject_id, facts,
digest, repeat('0', 64) from events where stream = 'case:1' and seq = 5
"""


@pytest.mark.parametrize(
    ("statement", "found"),
    [
        ("update events set facts = '{\"note\": \"ใหม่\"}' where stream = 'case:1' and seq = 3", {("case:1", 3)}),
        ("update events set actor_name = 'คนอื่น' where stream = 'case:2' and seq = 2", {("case:2", 2)}),
        ("update events set at = at + interval '1 microsecond' where stream = 'case:1' and seq = 1", {("case:1", 1)}),
        ("update events set subject_id = null where stream = 'case:1' and seq = 5", {("case:1", 5)}),
        ("update events set applicant_id = null where stream = 'case:1' and seq = 5", {("case:1", 5)}),
        ("update events set acted_by = null where stream = 'case:1' and seq = 4", {("case:1", 4)}),
        ("update events set actor_kind = 'bank' where stream = 'case:1' and seq = 4", {("case:1", 4)}),
        ("update events set kind = 'case.approve' where stream = 'case:1' and seq = 4", {("case:1", 4)}),
        ("delete from events where stream = 'case:1' and seq = 2", {("case:1", 3)}),
        ("delete from events where stream = 'case:1' and seq = 1", {("case:1", 2)}),
        ("update events set stream = 'case:3' where stream = 'case:2'", {("case:3", 1), ("case:3", 2)}),
        ("update events set seq = seq + 10 where stream = 'case:2'", {("case:2", 11), ("case:2", 12)}),
        (SWAP, {("case:1", 2), ("case:1", 3), ("case:1", 4)}),
        (FORGE, {("case:1", 6)}),
    ],
)
def test_an_edit_a_removal_or_another_order_shows_where_it_was_made(
    database: Database, owner_url: str, now: datetime, statement: str, found: set[tuple[str, int]]
) -> None:
    with two_streams(database, owner_url, now) as owner:
        for part in statement.split(";"):
            owner.execute(part)
    assert {(fault.stream, fault.seq) for fault in faults(database)} == found


def cut_off_the_tail(owner: psycopg.Connection) -> None:
    owner.execute("delete from events where stream = 'case:1' and seq >= 4")


def remove_a_whole_stream(owner: psycopg.Connection) -> None:
    owner.execute("delete from events where stream = 'case:1'")


def remove_everything(owner: psycopg.Connection) -> None:
    owner.execute("truncate events")


def tell_it_anew(owner: psycopg.Connection, note: str = "ใหม่") -> None:
    """The whole story of case 1 with other facts and every hash made right."""
    with owner.cursor(row_factory=psycopg.rows.dict_row) as rows:
        previous = GENESIS
        for event in rows.execute("select * from events where stream = 'case:1' order by seq").fetchall():
            event["facts"] = {"note": note}
            digest = digest_of(event, previous)
            rows.execute(
                "update events set facts = %s, previous = %s, digest = %s where stream = 'case:1' and seq = %s",
                (json.dumps(event["facts"]), previous, digest, event["seq"]),
            )
            previous = digest


@pytest.mark.parametrize("rewrite", [cut_off_the_tail, remove_a_whole_stream, remove_everything, tell_it_anew])
def test_what_the_chain_alone_cannot_show_the_anchor_outside_the_database_shows(
    database: Database, owner_url: str, now: datetime, tmp_path: Path, rewrite: Rewrite
) -> None:
    with two_streams(database, owner_url, now) as owner:
        with database.transaction() as db:
            anchors.drop(db, tmp_path, KEY, now)
        with database.transaction() as db:
            happen(db, now, "case:2", note="หลังสมอ")
        anchored = anchors.newest(tmp_path, KEY)
        assert faults(database, anchored) == []
        rewrite(owner)
        owner.commit()
        assert faults(database) == []
        assert ("case:1", 5) in {(fault.stream, fault.seq) for fault in faults(database, anchored)}


def test_an_event_left_out_of_a_story_told_anew_is_missed_by_its_number(
    database: Database, owner_url: str, now: datetime
) -> None:
    with two_streams(database, owner_url, now) as owner:
        owner.execute("delete from events where stream = 'case:1' and seq = 3")
        tell_it_anew(owner, note="เดิม")
    assert faults(database) == [Fault("case:1", 4, "expected number 3")]


# — anchors


def test_an_anchor_holds_the_heads_of_all_streams(db: Session, now: datetime, tmp_path: Path) -> None:
    happen(db, now, "case:1", times=2)
    happen(db, now, "case:2")
    folder = tmp_path / "not made yet"
    assert anchors.newest(folder, KEY) == {}
    file = anchors.drop(db, folder, KEY, now)
    assert anchors.newest(folder, KEY) == events.heads(db)
    assert [path.name for path in folder.iterdir()] == [file.name]
    assert KEY not in file.read_text(encoding="utf-8")


def test_the_newest_anchor_counts_whatever_the_zone_of_the_clock_that_named_it(
    db: Session, now: datetime, tmp_path: Path
) -> None:
    bangkok = timezone(timedelta(hours=7))
    happen(db, now)
    anchors.drop(db, tmp_path, KEY, now.astimezone(bangkok))
    happen(db, now)
    anchors.drop(db, tmp_path, KEY, (now + timedelta(minutes=1)).astimezone(UTC))
    assert anchors.newest(tmp_path, KEY)["case:1"][0] == 2


def test_an_anchor_that_was_not_finished_does_not_count(db: Session, now: datetime, tmp_path: Path) -> None:
    happen(db, now)
    finished = anchors.drop(db, tmp_path, KEY, now)
    half = finished.read_text(encoding="utf-8")[:40]
    (tmp_path / "29991231T000000000000Z.part").write_text(half, encoding="utf-8")
    assert anchors.newest(tmp_path, KEY) == events.heads(db)


def shorten_a_stream(stored: dict[str, Any]) -> str:
    stored["heads"]["case:1"] = [1, "0" * 64]
    return json.dumps(stored)


def forget_a_stream(stored: dict[str, Any]) -> str:
    del stored["heads"]["case:1"]
    return json.dumps(stored)


def take_off_the_seal(stored: dict[str, Any]) -> str:
    del stored["seal"]
    return json.dumps(stored)


def write_another_seal(stored: dict[str, Any]) -> str:
    return json.dumps({**stored, "seal": "ตราปลอม"})


def write_half(stored: dict[str, Any]) -> str:
    return json.dumps(stored)[:-20]


def write_a_list(stored: dict[str, Any]) -> str:
    return json.dumps([stored])


@pytest.mark.parametrize(
    "change",
    [shorten_a_stream, forget_a_stream, take_off_the_seal, write_another_seal, write_half, write_a_list],
)
def test_a_changed_anchor_is_refused_by_name(
    db: Session, now: datetime, tmp_path: Path, change: Callable[[dict[str, Any]], str]
) -> None:
    happen(db, now, times=2)
    file = anchors.drop(db, tmp_path, KEY, now)
    file.write_text(change(json.loads(file.read_text(encoding="utf-8"))), encoding="utf-8")
    with pytest.raises(AnchorBroken, match=file.name):
        anchors.newest(tmp_path, KEY)


def test_an_anchor_made_under_another_key_is_refused(db: Session, now: datetime, tmp_path: Path) -> None:
    happen(db, now)
    anchors.drop(db, tmp_path, "another key", now)
    with pytest.raises(AnchorBroken):
        anchors.newest(tmp_path, KEY)
