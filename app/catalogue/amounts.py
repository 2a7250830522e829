"""One fee with one way to its amount: flat, a table over what is measured, or so much for each unit. Satang."""

from collections.abc import Iterator
from decimal import Decimal
from itertools import pairwise
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from app.catalogue.conditions import Condition
from app.catalogue.texts import Data, Key, Satang, Text

Amount = Annotated[Satang, Field(ge=0)]
Percent = Annotated[Decimal, Field(gt=0, le=100)]


class Charge(Data):
    """What every kind of fee can be asked."""

    def mistakes(self) -> Iterator[str]:
        """What is wrong with the fee itself, for the editor of the catalogue."""
        yield from ()


class NoFee(Charge):
    """Nothing to pay, said so explicitly."""

    kind: Literal["none"]
    note: Text | None = None


class Vat(Data):
    """Value added tax on an amount, shown as a line of its own. What the State does by its power carries none."""

    percent: Percent
    source: Text
    confirm: bool = False


class Late(Data):
    """So many per cent more for whoever files later than `days` days after the day answered under `since`."""

    since: Key
    days: Annotated[int, Field(ge=0)]
    percent: Percent
    name: Text
    source: Text
    confirm: bool = False


class Priced(Charge):
    """What every fee that has an amount says of itself."""

    name: Text
    source: Text
    """The legal source of the amount, in words."""
    note: Text | None = None
    confirm: bool = False
    nature: Literal["fee", "tax", "deposit"] = "fee"
    """A deposit is the payer's money: it comes back when the service ends."""
    for_each: Key | None = None
    """The group for each row of which this is due; the rest of the fee then looks at the questions of the row too."""
    when: Condition | None = None
    """Due only under these answers (of the row, where it is due for each)."""
    first_year_from: Key | None = None
    """In the year of the day answered there, only its quarter and the later ones of the year are due."""
    vat: Vat | None = None
    late: Late | None = None


class FlatFee(Priced):
    """One amount."""

    kind: Literal["flat"]
    amount: Amount

    @property
    def highest(self) -> int:
        """The largest amount in satang this fee can ask."""
        return self.amount

    @property
    def lowest(self) -> int:
        """The smallest amount in satang this fee can ask."""
        return self.amount


class FeeRow(Data):
    """One row of a fee table: up to and including `up_to`; the last row may be open."""

    up_to: Decimal | None = None
    amount: Amount


class TableFee(Priced):
    """A fee that looks its amount up by what is measured."""

    by: Key
    rows: Annotated[tuple[FeeRow, ...], Field(min_length=1)]

    def row(self, measure: Decimal) -> FeeRow | None:
        """The first row that reaches `measure`, or None when the table ends before it."""
        return next((row for row in self.rows if row.up_to is None or measure <= row.up_to), None)

    def mistakes(self) -> Iterator[str]:
        """Rows must climb, and only the last may be open."""
        limits = [row.up_to for row in self.rows]
        if None in limits[:-1]:
            yield "only the last row may be without up_to"
        known = [limit for limit in limits if limit is not None]
        if any(later <= earlier for earlier, later in pairwise(known)):
            yield "rows must be in the order of up_to, each above the one before"

    @property
    def highest(self) -> int:
        """The largest amount in satang this fee can ask."""
        return max(row.amount for row in self.rows)

    @property
    def lowest(self) -> int:
        """The smallest amount in satang this fee can ask."""
        return min(row.amount for row in self.rows)


class SizeFee(TableFee):
    """An amount, paid once, that depends on a number the person answers."""

    kind: Literal["by_size"]


class YearlyFee(TableFee):
    """An amount per year of validity that depends on a number the person answers."""

    kind: Literal["per_year"]


def keys(written: object) -> object:
    """One key as a tuple of one, as it may be written in a file."""
    return (written,) if isinstance(written, str) else written


Factors = Annotated[
    tuple[Key, ...],
    Field(min_length=1, max_length=3),
    BeforeValidator(keys, json_schema_input_type=Key | tuple[Key, ...]),
]
"""The question that is measured; several are multiplied (width and height)."""


class PerUnitFee(Priced):
    """`amount` for every `per` of what is measured, begun ones counted whole, within `least` and `most`."""

    kind: Literal["per_unit"]
    by: Factors
    amount: Amount
    per: Annotated[Decimal, Field(gt=0)] = Decimal(1)
    unit: Text | None = None
    """What the measure is counted in; needed where several answers are multiplied."""
    rounding: Literal["up", "exact"] = "up"
    """Whether a begun unit counts whole, or by its part (the amount is then rounded to the satang)."""
    least: Amount | None = None
    most: Amount | None = None
    yearly: bool = False

    @property
    def highest(self) -> int | None:
        """The largest amount in satang this fee can ask; None when it has no end."""
        return self.most

    @property
    def lowest(self) -> int:
        """The smallest amount in satang this fee can ask."""
        return max(self.least or 0, 0)

    def mistakes(self) -> Iterator[str]:
        """A product needs a unit of its own, and the bounds must leave something between."""
        if len(self.by) > 1 and self.unit is None:
            yield "several answers are multiplied: say what their product is counted in (unit)"
        if self.most is not None and self.most < (self.least or 0):
            yield "most is below least"
