"""One database for all tests here that leave nothing behind: each gets a session that is rolled back."""

import time
from collections.abc import Iterator
from uuid import uuid4

import psycopg
import pytest
from sqlalchemy import make_url
from sqlalchemy.orm import Session

from app.core.db import Database
from app.core.embedded import Urls
from tests.conftest import TEMPLATE


@pytest.fixture(scope="session")
def shared_database(cluster: Urls) -> Iterator[Database]:
    """A database with all tables that nobody commits to; it goes with the cluster."""
    name = f"judiao_billing_{uuid4().hex}"
    with psycopg.connect(cluster.owner, autocommit=True) as owner:
        owner.execute(f"create database {name} template {TEMPLATE}")
    door = Database(make_url(cluster.portal).set(database=name).render_as_string(hide_password=False))
    yield door
    door.close()


@pytest.fixture
def wide_database(cluster: Urls, database_url: str) -> Iterator[Database]:
    """A fresh database with a door for ten at once; it ends when the server has let the last of them go."""
    door = Database(database_url, turns=10)
    yield door
    door.close()
    deadline = time.monotonic() + 60
    with psycopg.connect(cluster.owner, autocommit=True) as owner:
        still = "select count(*) from pg_stat_activity where datname = %s"
        while owner.execute(still, (make_url(database_url).database,)).fetchone() != (0,):
            assert time.monotonic() < deadline, "connections stay open"


@pytest.fixture
def db(shared_database: Database) -> Iterator[Session]:
    """A session as role portal on tables that hold nothing; what the test writes is rolled back."""
    with shared_database.transaction() as session:
        yield session
        session.rollback()
