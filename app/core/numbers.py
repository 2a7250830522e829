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
    "insert into counters (series, be_year, last) values (:series, :year, 1) "
    "on conflict (series, be_year) do update set last = counters.last + 1 returning last"
)


def take(db: Session, series: str, on: date) -> tuple[int, int]:
    """The next (Buddhist year, number) of a series; others wait until this transaction ends."""
    year = be_year(on)
    return year, int(db.execute(_NEXT, {"series": series, "year": year}).scalar_one())
