"""Numbers without gaps: one counter row per series and Buddhist year, locked while a number is taken.

A rolled-back transaction gives its number back; nobody ever sees two of one or a missing one.
"""

from datetime import date

from sqlalchemy import String, text
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.core.db import Base
from app.core.thai import be_year


class Counter(Base):
    """The last number given in one series in one Buddhist year."""

    __tablename__ = "counters"

    series: Mapped[str] = mapped_column(String(80), primary_key=True)
    be_year: Mapped[int] = mapped_column(primary_key=True)
    last: Mapped[int]


_NEXT = text(
    "insert into counters (series, be_year, last) values (:series, :year, :count) "
    "on conflict (series, be_year) do update set last = counters.last + :count returning last"
)


def take(db: Session, series: str, on: date) -> tuple[int, int]:
    """The next (Buddhist year, number) of a series; others wait until this transaction ends."""
    year, (number,) = take_many(db, series, on, 1)
    return year, number


def take_many(db: Session, series: str, on: date, count: int) -> tuple[int, range]:
    """The next `count` numbers of a series and their Buddhist year, in one statement.

    Who takes from several series in one transaction takes from them in alphabetical order: two who do wait for each
    other then never both wait.
    """
    year = be_year(on)
    last = int(db.execute(_NEXT, {"series": series, "year": year, "count": count}).scalar_one())
    return year, range(last - count + 1, last + 1)
