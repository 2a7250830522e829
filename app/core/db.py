"""The database: one engine, one metadata, and the only function that commits."""

import json
import os
import select
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from enum import StrEnum
from typing import Any, cast
from uuid import UUID

import psycopg
from psycopg import Connection
from psycopg.pq import TransactionStatus
from psycopg.types.json import set_json_loads
from sqlalchemy import DateTime, Enum, MetaData, String, Uuid, create_engine, event, make_url
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.engine import Engine
from sqlalchemy.exc import DBAPIError, InvalidatePoolError
from sqlalchemy.orm import DeclarativeBase, Session, SessionTransaction

from app.core import failpoints

TURNS = 2
"""Database turns per process: more threads convoy on the GIL (measured), fewer leave a core idle."""

STATEMENT_TIMEOUT_MS = 5_000


def _read_json(written: str | bytes) -> Any:
    """A value of type jsonb, which PostgreSQL writes in UTF-8 and without space around it: a third of `json.loads`."""
    try:
        return _JSON.raw_decode(written.decode() if isinstance(written, bytes) else written)[0]
    except json.JSONDecodeError:  # a value of type json stands as it was sent
        return json.loads(written)


_JSON = json.JSONDecoder()
set_json_loads(_read_json)


class Base(DeclarativeBase):
    """All tables. Names of constraints are fixed so that migrations can speak of them."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_label)s",
            "uq": "uq_%(table_name)s_%(column_0_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {  # noqa: RUF012 - SQLAlchemy reads this attribute, it is never changed
        datetime: DateTime(timezone=True),
        UUID: Uuid,
        str: String,
        dict[str, Any]: JSONB,
        list[Any]: JSONB,
    }


def words(enum: type[StrEnum]) -> Enum:
    """A StrEnum stored as its text, guarded by a CHECK (values, not Python names)."""
    return Enum(
        enum,
        values_callable=lambda e: [m.value for m in e],
        native_enum=False,
        create_constraint=True,
        length=40,
        name=enum.__name__.lower(),
    )


def new_id() -> UUID:
    """A UUIDv7 (RFC 9562): sortable by time, made here because Python 3.11 has none."""
    millis = time.time_ns() // 1_000_000
    raw = bytearray(millis.to_bytes(6, "big") + os.urandom(10))
    raw[6] = 0x70 | (raw[6] & 0x0F)
    raw[8] = 0x80 | (raw[8] & 0x3F)
    return UUID(bytes=bytes(raw))


def connection_options(role: str, search_path: str = "public,jobs", timeout_ms: int = STATEMENT_TIMEOUT_MS) -> str:
    """Libpq `options` that every connection starts with: the role it acts as, UTC, and a bound on each statement."""
    return f"-c role={role} -c search_path={search_path} -c timezone=UTC -c statement_timeout={timeout_ms}"


def _leave_the_dead(connection: Connection[Any], *_: object) -> None:
    """A resting connection has nothing to read unless its server has gone away: cheaper to see than to ask it."""
    waiting = select.poll()
    waiting.register(connection.fileno(), select.POLLIN)
    if waiting.poll(0):
        raise InvalidatePoolError


def _begin(connection: Any, *_: object) -> None:
    """The transaction begins in the database with the first statement that SQLAlchemy runs; see `raw`."""
    kept: Connection[Any] = connection.connection.driver_connection
    if kept.pgconn.transaction_status != TransactionStatus.IDLE:
        return
    try:
        kept.execute("begin")
    except psycopg.Error as error:
        raise DBAPIError.instance(None, None, error, psycopg.Error, hide_parameters=True) from error


def raw(session: Session, *, begun: bool) -> Connection[Any]:
    """The session's own connection, for those who speak to the driver themselves; `begun`: within its transaction.

    A page that only reads needs none: every statement sees what is committed when it starts, inside a transaction as
    outside (READ COMMITTED). To begin and to commit would be two of its eight conversations with the database, and
    each costs 0.07 ms of CPU. Whatever writes or locks is begun, and so is all that comes after it.
    """
    known = None if session.in_nested_transaction() else session.info.get(_CONNECTION)
    connection = known or session.connection()  # asking for it is what sets a savepoint in the database
    if begun:
        _begin(connection)
    return cast("Connection[Any]", connection.connection.driver_connection)


class _Turn(Session):
    """A session that remembers its connection while it has one: to be asked for it costs a tenth of a statement."""


_CONNECTION = "connection"


@event.listens_for(_Turn, "after_begin")
def _remember(session: Session, _: object, connection: Any) -> None:
    session.info[_CONNECTION] = connection


@event.listens_for(_Turn, "after_transaction_end")
def _forget(session: Session, ended: SessionTransaction) -> None:
    if ended.parent is None:
        session.info.pop(_CONNECTION, None)


def commit(session: Session) -> None:
    """Keep what this transaction did. Nothing else in the house commits; a second time there is nothing to keep.

    The failpoint lets tests cut the power just before and after.
    """
    if not unsettled(session):
        return
    failpoint = session.info.get("failpoint")
    if failpoint:
        failpoints.reach(f"{failpoint}.before_commit")
    _refuse_to_lose(session)
    session.commit()
    if failpoint:
        failpoints.reach(f"{failpoint}.after_commit")


def unsettled(session: Session) -> bool:
    """Whether anything was begun in the database or waits to be written."""
    if not session.in_transaction():
        return False
    begun = raw(session, begun=False).pgconn.transaction_status != TransactionStatus.IDLE
    return bool(begun or session.new or session.dirty or session.deleted)


def _refuse_to_lose(session: Session) -> None:
    """A COMMIT after a failed statement is a silent ROLLBACK in PostgreSQL: raise RuntimeError rather than lie."""
    if raw(session, begun=False).pgconn.transaction_status == TransactionStatus.INERROR:
        raise RuntimeError("a statement failed unseen, so nothing of this transaction can be committed")


@contextmanager
def attempt(session: Session) -> Iterator[None]:
    """What is written in the block is undone when it raises, whoever catches that; what was written before it stays.

    A page that catches a refusal to draw itself again keeps nothing of what was refused. Where nothing was written
    before, the whole transaction is the attempt, and it costs no statement.
    """
    if unsettled(session):
        with session.begin_nested():
            yield
        return
    try:
        yield
    except Exception:
        if unsettled(session):
            session.rollback()
        raise


class Database:
    """The portal's door to PostgreSQL, acting as the role `portal` (which owns nothing and cannot rewrite events).

    One connection more than turns: signing in, which works outside a turn, never takes what a request waits for.
    """

    def __init__(self, url: str, *, turns: int = TURNS, role: str = "portal") -> None:
        self.url = url
        self.turns = turns
        self.engine: Engine = create_engine(
            make_url(url).set(drivername="postgresql+psycopg"),
            pool_size=turns + 1,
            max_overflow=0,
            pool_timeout=10,
            hide_parameters=True,  # an error that is printed must not say what a person typed
            connect_args={"options": connection_options(role), "connect_timeout": 5, "autocommit": True},
        )
        event.listen(self.engine, "checkout", _leave_the_dead)
        event.listen(self.engine, "before_cursor_execute", _begin)

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """A session that commits when the block ends well and rolls back when it raises.

        Afterwards it refuses: a late look through it would take a connection that nobody gives back.
        """
        with _Turn(self.engine, expire_on_commit=False, close_resets_only=False) as session:
            yield session
            commit(session)

    def close(self) -> None:
        """Give every connection back to the server."""
        self.engine.dispose()
