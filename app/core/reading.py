"""Statements that are compiled once and run by psycopg itself: for what nearly every page reads or keeps.

SQLAlchemy still writes them, from the models and checked by types. Left out is what it does anew for each execution:
looking up the compiled form, expanding lists, wrapping results, and making objects that could be written to. Inside a
request reading one row so costs 0.12 ms of CPU, where an entity costs 0.5 (measured).
"""

from collections import namedtuple
from collections.abc import Callable, Sequence
from functools import cached_property
from typing import Any, cast

import psycopg
from psycopg import Cursor
from sqlalchemy import Select, TextClause, inspect
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session
from sqlalchemy.types import TypeEngine

from app.core.db import raw

_DIALECT = PGDialect_psycopg()  # type: ignore[no-untyped-call]
_NUMERIC = 1700
"""PostgreSQL's number of the type numeric, which psycopg reads as Decimal already; other types do not ask."""

_Turn = Callable[[Any], Any]
_Turns = dict[str, _Turn]
Columns = Sequence[Any]


def columns(model: type[Any], *but: str) -> Columns:
    """Every column of a model, except those named here: for a part of what is read."""
    return tuple(column for name, column in inspect(model).all_orm_descriptors.items() if name not in but)


class Prepared:
    """A select with bindparams. A list is one value: compare with `any_(bindparam(…, type_=ARRAY(…)))`, not `in_`.

    Or a `text` that writes: that is only `run`.

    `parts`: the columns selected, grouped by whose they are. A row then holds one tuple for each part, with names like
    a model's, or None where an outer join found nothing (the first column of a part says so: make it the primary key).
    """

    def __init__(self, statement: Select[*tuple[Any, ...]] | TextClause, parts: Sequence[Columns] = ()) -> None:
        self._statement = statement
        self._parts = parts

    def run(self, db: Session, **values: Any) -> None:
        """Write, in the session's transaction."""
        self._said(db, values)

    def rows(self, db: Session, **values: Any) -> list[Any]:
        """The rows, as tuples that know their columns' names; they see what the session has to write."""
        found = self._said(db, values).fetchall()
        return list(map(self._row, found))

    def row(self, db: Session, **values: Any) -> Any:
        """The first row, or None."""
        found = self.rows(db, **values)
        return found[0] if found else None

    def _said(self, db: Session, values: dict[str, Any]) -> Cursor[Any]:
        db.flush()
        text, given, writes = self._compiled
        connection = raw(db, begun=writes)
        said = {name: value if (to := given.get(name)) is None else to(value) for name, value in values.items()}
        try:
            return connection.execute(text, said)
        except psycopg.Error as error:
            raise DBAPIError.instance(None, None, error, psycopg.Error, hide_parameters=True) from error

    @cached_property
    def _compiled(self) -> tuple[str, _Turns, bool]:
        """The text, what turns values into the database's, and whether it writes or locks.

        Constants stand in the text itself: a plan that is made once for all values can then use a partial index.
        """
        compiled = self._statement.compile(dialect=_DIALECT)
        text, given = str(compiled), cast("_Turns", {})
        for name, bind in compiled.binds.items():
            type_ = bind.type.dialect_impl(_DIALECT)
            if not bind.required:
                text = text.replace(f"%({name})s", _written(type_, bind.value))
            elif (to := type_.bind_processor(_DIALECT)) is not None:
                given[name] = to
        return text, given, not isinstance(self._statement, Select) or " FOR UPDATE" in text

    @cached_property
    def _row(self) -> _Turn:
        if isinstance(self._statement, TextClause):
            raise TypeError("a text has no columns: run it")
        if not self._parts:
            return _named(list(self._statement.selected_columns.items()))
        makers, place = [], 0
        for part in self._parts:
            makers.append((place, place + len(part), _named([(column.key, column) for column in part])))
            place += len(part)

        def row(found: Sequence[Any]) -> Any:
            return [None if found[start] is None else make(found[start:end]) for start, end, make in makers]

        return row


def _written(type_: TypeEngine[Any], value: Any) -> str:
    """A constant of ours as PostgreSQL reads it in a statement with places for values."""
    write = type_.literal_processor(_DIALECT)
    if write is None:
        raise TypeError(f"{type_} has no literal: give it as a bindparam")
    return write(value).replace("%", "%%")


def _named(columns: Sequence[tuple[str, Any]]) -> _Turn:
    """What makes a row with names, its columns in Python's types."""
    row_type: Any = namedtuple("Row", [name for name, _ in columns])  # type: ignore[misc]  # noqa: PYI024 - names come late
    make: _Turn = row_type._make
    types = [column.type.dialect_impl(_DIALECT).result_processor(_DIALECT, _NUMERIC) for _, column in columns]
    turned = [(place, to) for place, to in enumerate(types) if to is not None]
    if not turned:
        return make

    def row(found: Sequence[Any]) -> Any:
        values = list(found)
        for place, to in turned:
            values[place] = to(values[place])
        return make(values)

    return row
