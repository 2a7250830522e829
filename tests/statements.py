"""Hears what is sent to the database, whoever sends it: SQLAlchemy, or psycopg for what is compiled once."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from sqlalchemy import event

from app.core.db import Database

Said = list[tuple[str, Any]]
"""Statements and their values, in order."""


@contextmanager
def heard(database: Database) -> Iterator[Said]:
    """Every statement of the transactions that begin inside the block; BEGIN and COMMIT are nobody's statements."""
    said: Said = []

    class Hearing(psycopg.Cursor[Any]):
        def execute(self, query: Any, params: Any = None, **how: Any) -> "Hearing":
            if query != "begin":
                said.append((str(query), params))
            return super().execute(query, params, **how)

    listening: list[Any] = []

    def listen(connection: Any, *_: object) -> None:
        connection.cursor_factory = Hearing
        listening.append(connection)

    event.listen(database.engine, "checkout", listen)
    yield said
    event.remove(database.engine, "checkout", listen)
    for connection in listening:
        connection.cursor_factory = psycopg.Cursor
