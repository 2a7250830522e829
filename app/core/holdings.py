"""What a table holds about somebody: declared by each room beside its models, so that nothing is forgotten in a copy.

A holding names every column of its table: what a person reads (`shown`, with a label), what stands only in the
machine-readable copy (`also`), and what is kept back with the reason (`withheld`). A test walks the schema from
`people` and fails for a table or column that nobody declared.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import ColumnElement, Select, Table, false, or_, select
from sqlalchemy.orm import Session

from app.core.db import Base

PEOPLE = "people"


@dataclass(frozen=True)
class Holding:
    """One table. `by`: the columns that lead to the person, through tables that are holdings themselves."""

    table: str
    title: str
    by: tuple[str, ...]
    shown: Mapping[str, str]
    also: tuple[str, ...] = ()
    withheld: Mapping[str, str] = field(default_factory=dict)
    sealed: tuple[str, ...] = ()
    """Columns sealed for `<table>.<column>/<id>`; they are opened for the person."""
    order: str = ""

    @property
    def columns(self) -> tuple[str, ...]:
        """What the person gets, in order."""
        return (*self.shown, *self.also)

    @property
    def declared(self) -> frozenset[str]:
        """Every column that somebody has thought about."""
        return frozenset((*self.columns, *self.withheld, *self.by))


@dataclass(frozen=True)
class Elsewhere:
    """A table that leads to a person and is deliberately not in their copy, with the reason."""

    table: str
    why: str


def of_person(
    db: Session, held: Iterable[Holding], person_id: UUID
) -> Iterator[tuple[Holding, list[dict[str, object]]]]:
    """Every row of every holding that belongs to the person, oldest first."""
    known = {holding.table: holding for holding in held}
    for holding in known.values():
        statement = _select(known, holding, person_id)
        yield holding, [dict(row._mapping) for row in db.execute(statement)]


def _select(known: Mapping[str, Holding], holding: Holding, person_id: UUID) -> "Select[*tuple[object, ...]]":
    table = Base.metadata.tables[holding.table]
    wanted = dict.fromkeys(("id",) if holding.sealed else ())
    names = [name for name in dict.fromkeys((*wanted, *holding.columns)) if name in table.c]
    keys = [table.c[holding.order]] if holding.order else list(table.primary_key)
    return select(*(table.c[name] for name in names)).where(_belongs(known, table, person_id)).order_by(*keys)


def _belongs(known: Mapping[str, Holding], table: Table, person_id: UUID) -> ColumnElement[bool]:
    """The rows of `table` that lead to the person by one of the declared columns."""
    if table.name == PEOPLE:
        return table.c.id == person_id
    ways: list[ColumnElement[bool]] = []
    for name in known[table.name].by:
        column = table.c[name]
        target = next((key.column for key in column.foreign_keys), None)
        if target is None or target.table.name == PEOPLE:
            ways.append(column == person_id)
        else:
            parent = target.table
            ways.append(column.in_(select(target).where(_belongs(known, parent, person_id))))
    return or_(*ways) if ways else false()
