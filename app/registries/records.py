"""Reading a record that is described as data: fields by name, codes by their words, days of the Buddhist era. Pure."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any, Protocol

from app.core.thai import clean
from app.registries.linkage import MISSING
from app.registries.linkage import birth_date as registry_date


class Said(Protocol):
    """How one field is read; what describes it is data of another room."""

    @property
    def field(self) -> str:
        """What the registry calls it."""

    @property
    def kind(self) -> str:
        """`text`, `date` or `number`."""

    @property
    def words(self) -> Mapping[str, str]:
        """Codes and what they are in our words; empty: taken as it is."""


@dataclass(frozen=True)
class Description:
    """What a record looks like: where it stands in the answer, and the fields that speak of the record itself."""

    rows: str
    fields: Mapping[str, Said]
    reference: str
    issued: str = ""
    ends: str = ""
    standing: str = ""
    good: Sequence[str] = ()


@dataclass(frozen=True)
class Record:
    """One record: its number, its days (`YYYY-MM-DD`, "" when not said), whether it stands, and what it says."""

    reference: str
    issued_on: str
    ends_on: str
    stands: bool
    values: Mapping[str, str]


def read(answer: Mapping[str, Any], described: Description) -> Record | None:
    """The one record of an answer, None when there is none. Raises ValueError when it is no such answer."""
    rows = answer.get(described.rows)
    if not isinstance(rows, list) or len(rows) > 1 or not all(isinstance(row, dict) for row in rows):
        raise ValueError("not a list of one record")
    if not rows:
        return None
    row: Mapping[str, Any] = rows[0]
    reference = _text(row, described.reference)
    if not reference:
        raise ValueError("a record without its number")
    return Record(
        reference=reference,
        issued_on=_day(row, described.issued),
        ends_on=_day(row, described.ends),
        stands=not described.standing or _text(row, described.standing) in described.good,
        values={key: value for key, said in described.fields.items() if (value := _value(row, said))},
    )


def _value(row: Mapping[str, Any], said: Said) -> str:
    """The value in our words; "" when there is none, or a code that nobody described."""
    if said.kind == "date":
        return _day(row, said.field)
    text = _text(row, said.field)
    if said.kind == "number":
        return _number(text)
    return said.words.get(text, "") if said.words else text


def _day(row: Mapping[str, Any], field: str) -> str:
    day = registry_date(_text(row, field) or None) if field else None
    if day is not None and not re.fullmatch(r"\d{4}-\d{2}-\d{2}", day):
        raise ValueError("not a whole day")
    return day or ""


def _number(text: str) -> str:
    try:
        amount = Decimal(text.replace(",", ""))
    except InvalidOperation:
        return ""
    return f"{amount.normalize():f}" if amount.is_finite() else ""


def _text(row: Mapping[str, Any], field: str) -> str:
    value = row.get(field)
    return "" if value in MISSING or isinstance(value, dict | list) else clean(str(value))
