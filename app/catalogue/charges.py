"""What a service costs, as data: a rule in the law, or the table of a local ordinance. Amounts are satang."""

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import Annotated, Literal

from pydantic import Field

from app.catalogue.texts import Code, Data, Key, Satang, Slug, Text

Amount = Annotated[Satang, Field(ge=0)]


class _Charge(Data):
    """What every kind of fee can be asked."""

    def mistakes(self) -> Iterator[str]:
        """What is wrong with the fee itself, for the editor of the catalogue."""
        yield from ()


class NoFee(_Charge):
    """Nothing to pay, said so explicitly."""

    kind: Literal["none"]
    note: Text | None = None


class FlatFee(_Charge):
    """One amount."""

    kind: Literal["flat"]
    name: Text
    amount: Amount
    source: Text
    """The legal source of the amount, in words."""
    note: Text | None = None
    confirm: bool = False

    @property
    def highest(self) -> int:
        """The largest amount in satang this fee can ask."""
        return self.amount


class FeeRow(Data):
    """One row of a fee table: up to and including `up_to`; the last row may be open."""

    up_to: Decimal | None = None
    amount: Amount


class YearlyFee(_Charge):
    """An amount per year of validity that depends on a number the person answers."""

    kind: Literal["per_year"]
    name: Text
    by: Key
    rows: Annotated[tuple[FeeRow, ...], Field(min_length=1)]
    source: Text
    note: Text | None = None
    confirm: bool = False

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


class OrdinanceFee(_Charge):
    """The amount stands in the ordinance of the local authority, up to a cap in the law."""

    kind: Literal["by_ordinance"]
    name: Text
    cap: Amount | None = None
    source: Text
    note: Text | None = None
    confirm: bool = False


Fee = Annotated[NoFee | FlatFee | YearlyFee | OrdinanceFee, Field(discriminator="kind")]
KnownFee = Annotated[NoFee | FlatFee | YearlyFee, Field(discriminator="kind")]
"""A fee whose amount can be worked out: what an ordinance may hold."""


class Ordinance(Data):
    """The fee ordinance of one local authority (`authorities/<agency code>.yaml`), by service."""

    agency: Code
    name: Text
    in_force: date
    confirm: bool = False
    fees: Mapping[Slug, KnownFee]
