"""What a service costs, as data: a rule in the law, or the table of a local ordinance. Amounts are satang."""

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from app.catalogue.texts import Code, Data, Key, Satang, Slug, Text, Words

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

    @property
    def lowest(self) -> int:
        """The smallest amount in satang this fee can ask."""
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

    @property
    def lowest(self) -> int:
        """The smallest amount in satang this fee can ask."""
        return min(row.amount for row in self.rows)


class FeeCase(Data):
    """What one or more answers to a choice cost: an amount, or a table over a number the person answers."""

    of: Annotated[tuple[Words, ...], Field(min_length=1)]
    amount: Amount | None = None
    by: Key | None = None
    rows: tuple[FeeRow, ...] = ()

    @model_validator(mode="after")
    def _one_way_to_an_amount(self) -> Self:
        if (self.amount is None) != (self.by is not None and bool(self.rows)) or (self.by is None) == bool(self.rows):
            raise ValueError("give either an amount, or by and rows")
        return self


class ChoiceFee(_Charge):
    """An amount that depends on the answer to a choice, and for some answers on a number too."""

    kind: Literal["by_choice"]
    name: Text
    by: Key
    cases: Annotated[tuple[FeeCase, ...], Field(min_length=1)]
    source: Text
    note: Text | None = None
    confirm: bool = False

    def chosen(self, answer: object) -> FlatFee | YearlyFee | None:
        """The fee for one answer, or None when there is none for it."""
        case = next((case for case in self.cases if answer in case.of), None)
        return None if case is None else self.fee_of(case)

    def fee_of(self, case: FeeCase) -> FlatFee | YearlyFee:
        """One case as a fee of its own."""
        if case.amount is not None:
            return FlatFee(kind="flat", name=self.name, amount=case.amount, source=self.source, note=self.note)
        return YearlyFee(kind="per_year", name=self.name, by=case.by or "", rows=case.rows, source=self.source)

    def mistakes(self) -> Iterator[str]:
        """Every answer has one case at most, and every table climbs."""
        values = [value for case in self.cases for value in case.of]
        for value in sorted({value for value in values if values.count(value) > 1}):
            yield f"the answer {value!r} has two amounts"
        for case in self.cases:
            yield from self.fee_of(case).mistakes()

    @property
    def highest(self) -> int:
        """The largest amount in satang this fee can ask."""
        return max(self.fee_of(case).highest for case in self.cases)

    @property
    def lowest(self) -> int:
        """The smallest amount in satang this fee can ask."""
        return min(self.fee_of(case).lowest for case in self.cases)


class OrdinanceFee(_Charge):
    """The amount stands in the ordinance of the local authority, up to a cap in the law."""

    kind: Literal["by_ordinance"]
    name: Text
    cap: Amount | None = None
    source: Text
    note: Text | None = None
    confirm: bool = False


Fee = Annotated[NoFee | FlatFee | YearlyFee | ChoiceFee | OrdinanceFee, Field(discriminator="kind")]
KnownFee = Annotated[NoFee | FlatFee | YearlyFee | ChoiceFee, Field(discriminator="kind")]
"""A fee whose amount can be worked out: what an ordinance may hold."""


class Ordinance(Data):
    """The fee ordinance of one local authority (`authorities/<agency code>.yaml`), by service."""

    agency: Code
    name: Text
    in_force: date
    confirm: bool = False
    fees: Mapping[Slug, KnownFee]
