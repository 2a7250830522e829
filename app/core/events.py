"""What happened, append-only: each event carries the hash of the one before it in its stream.

The role `portal` may only INSERT and SELECT here. The chain shows an edit, a deletion in the middle or a new order;
it cannot show a cut-off tail, so heads are anchored outside the database (`anchor`, `verify`).
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import BigInteger, Index, String, bindparam, func, insert, select, text
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.core.db import Base

GENESIS = "0" * 64


@dataclass(frozen=True)
class Actor:
    """Who acted (`kind`, `id`, `name`), for whom when that is another (`for_applicant`), by which mandate if by one."""

    kind: Literal["citizen", "officer", "system", "bank"]
    id: UUID | None
    name: str
    for_applicant: UUID | None = None
    by_mandate: UUID | None = None


SYSTEM = Actor("system", None, "ระบบจุดเดียว")


class Event(Base):
    """One thing that happened, in the words of the house. Never updated, never deleted."""

    __tablename__ = "events"
    __table_args__ = (
        Index("ix_events_subject", "subject_id", "at"),
        Index("ix_events_kind", "kind", "at"),
        Index("ix_events_applicant", "applicant_id", "at"),
    )

    stream: Mapped[str] = mapped_column(String(80), primary_key=True)
    seq: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    at: Mapped[datetime]
    kind: Mapped[str] = mapped_column(String(60))
    actor_kind: Mapped[str] = mapped_column(String(12))
    acted_by: Mapped[UUID | None]
    actor_name: Mapped[str]
    applicant_id: Mapped[UUID | None]
    subject_id: Mapped[UUID | None]
    facts: Mapped[dict[str, Any]]
    previous: Mapped[str] = mapped_column(String(64))
    digest: Mapped[str] = mapped_column(String(64))


def canonical(value: Any) -> str:
    """The one way a value is written before it is hashed: sorted keys, no spaces, UTF-8 as it is."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str)


def _as_stored(number: str) -> float | int:
    """A fraction as PostgreSQL gives it back from JSON: no negative zero, and very large ones are whole."""
    value = float(number)
    return int(value) if abs(value) >= 1e16 else value + 0.0


def digest_of(event: Mapping[str, Any], previous: str) -> str:
    """SHA-256 over the previous hash and the canonical record."""
    body = {
        "stream": event["stream"],
        "seq": event["seq"],
        "at": event["at"].astimezone(UTC).isoformat(),
        "kind": event["kind"],
        "actor_kind": event["actor_kind"],
        "acted_by": event["acted_by"],
        "actor_name": event["actor_name"],
        "applicant_id": event["applicant_id"],
        "subject_id": event["subject_id"],
        "facts": event["facts"],
    }
    return hashlib.sha256((previous + canonical(body)).encode()).hexdigest()


_IN_LINE = text("select pg_advisory_xact_lock(hashtextextended(:stream, 0))")
_LAST = select(Event.seq, Event.digest).where(Event.stream == bindparam("stream")).order_by(Event.seq.desc()).limit(1)
_APPEND = insert(Event)


def record(
    db: Session, stream: str, kind: str, actor: Actor, now: datetime, *, subject: UUID | None = None, **facts: Any
) -> None:
    """Append one event to `stream` in the caller's transaction.

    Writers of one stream are put in line by an advisory lock that ends with the transaction.
    """
    here = {"stream": stream}
    db.flush()
    connection = db.connection()
    connection.execute(_IN_LINE, here)
    last = connection.execute(_LAST, here).first()
    seq, previous = (last.seq + 1, last.digest) if last else (1, GENESIS)
    row: dict[str, Any] = {
        "stream": stream,
        "seq": seq,
        "at": now,
        "kind": kind,
        "actor_kind": actor.kind,
        "acted_by": actor.id,
        "actor_name": actor.name,
        "applicant_id": actor.for_applicant,
        "subject_id": subject,
        "facts": json.loads(canonical({**facts, **_mandate(actor)}), parse_float=_as_stored),
    }
    connection.execute(_APPEND, {**row, "previous": previous, "digest": digest_of(row, previous)})


def _mandate(actor: Actor) -> dict[str, str]:
    return {"mandate": str(actor.by_mandate)} if actor.by_mandate else {}


def history(db: Session, stream: str) -> list[Event]:
    """All events of one stream, oldest first."""
    return list(db.scalars(select(Event).where(Event.stream == stream).order_by(Event.seq)))


def length(db: Session, stream: str) -> int:
    """How many events a stream holds: its last number."""
    return db.scalar(select(func.max(Event.seq)).where(Event.stream == stream)) or 0


@dataclass(frozen=True)
class Fault:
    """One place where the chain does not hold."""

    stream: str
    seq: int
    what: str


def heads(db: Session) -> dict[str, tuple[int, str]]:
    """The last (seq, digest) of each stream: what an anchor outside the database keeps."""
    last = select(Event.stream, func.max(Event.seq).label("seq")).group_by(Event.stream).subquery()
    rows = db.execute(
        select(Event.stream, Event.seq, Event.digest).join(
            last, (Event.stream == last.c.stream) & (Event.seq == last.c.seq)
        )
    )
    return {row.stream: (row.seq, row.digest) for row in rows}


def verify(db: Session, anchored: Mapping[str, tuple[int, str]] | None = None) -> tuple[int, list[Fault]]:
    """Walk every chain; return how many events were read and every fault found.

    With `anchored` heads (from outside the database) a truncated or rewritten tail is found too.
    """
    faults: list[Fault] = []
    count, stream, seq, previous = 0, "", 0, GENESIS
    seen: dict[tuple[str, int], str] = {}
    wanted = {(s, n) for s, (n, _) in (anchored or {}).items()}
    rows: Iterable[Event] = db.scalars(select(Event).order_by(Event.stream, Event.seq).execution_options(yield_per=500))
    for event in rows:
        count += 1
        if event.stream != stream:
            stream, seq, previous = event.stream, 0, GENESIS
        if event.seq != seq + 1:
            faults.append(Fault(stream, event.seq, f"expected number {seq + 1}"))
        if event.previous != previous:
            faults.append(Fault(stream, event.seq, "does not continue the event before it"))
        if digest_of({c.key: getattr(event, c.key) for c in Event.__table__.columns}, event.previous) != event.digest:
            faults.append(Fault(stream, event.seq, "was changed after it was written"))
        seq, previous = event.seq, event.digest
        if (stream, seq) in wanted:
            seen[stream, seq] = event.digest
    for name, (number, digest) in (anchored or {}).items():
        if seen.get((name, number)) != digest:
            faults.append(Fault(name, number, "the anchored head is gone or differs"))
    return count, faults
