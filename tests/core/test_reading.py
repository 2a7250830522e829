"""Selects that are compiled once: the same rows as SQLAlchemy's own, and the same errors."""

from datetime import UTC, datetime
from uuid import uuid4

import pytest
from sqlalchemy import ARRAY, String, any_, bindparam, func, select
from sqlalchemy.exc import OperationalError

from app.core.db import Database
from app.core.reading import Prepared
from app.identity.models import Officer

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)

OFFICERS = (
    select(Officer.subject, Officer.duties, Officer.active, Officer.created_at, func.count().over().label("of"))
    .where(Officer.agency_code == bindparam("agency"), Officer.subject == any_(bindparam("who", type_=ARRAY(String))))
    .order_by(Officer.subject)
)


def officer(subject: str) -> Officer:
    return Officer(
        id=uuid4(),
        issuer="https://id.example",
        subject=subject,
        name_th="สาธิต",
        name_en="Sathit",
        agency_code="a",
        duties=["receive", "check"],
        active=True,
        position_th="",
        position_en="",
        created_at=NOW,
    )


def test_rows_are_those_that_sqlalchemy_reads_with_what_the_session_has_not_written_yet(database: Database) -> None:
    with database.transaction() as db:
        db.add_all(officer(subject) for subject in ("nueng", "song", "sam"))
        asked = {"agency": "a", "who": ["song", "nueng", "'; drop"]}
        found = Prepared(OFFICERS).rows(db, **asked)

        assert found == [tuple(row) for row in db.execute(OFFICERS, asked)]
        assert [row.subject for row in found] == ["nueng", "song"]
        assert found[0].created_at == NOW
        assert Prepared(OFFICERS).row(db, agency="b", who=[]) is None


def test_a_failed_select_is_the_error_that_sqlalchemy_raises_and_tells_no_value(database: Database) -> None:
    slow = Prepared(select(func.pg_sleep(bindparam("seconds"))))
    with database.transaction() as db:
        db.connection().exec_driver_sql("set local statement_timeout = 20")
        with pytest.raises(OperationalError) as stopped:
            slow.rows(db, seconds=0.3141592)
        db.rollback()
    assert "0.3141592" not in str(stopped.value)
