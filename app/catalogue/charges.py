"""What a service costs, as data: a rule in the law, or the table of a local ordinance. Amounts are satang.

One amount (`flat`), a table over what is measured (`by_size`, `per_year`), so much for each unit (`per_unit`), one of
these for each answer (`by_choice`), and any of them together (`several`); each may be due `for_each` row of a group.
Every amount says its name and its legal source; value added tax and a surcharge for lateness are lines of their own.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Annotated, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from app.catalogue.amounts import (
    Amount,
    Charge,
    FeeRow,
    FlatFee,
    NoFee,
    PerUnitFee,
    Priced,
    SizeFee,
    YearlyFee,
    keys,
)
from app.catalogue.texts import Code, Data, Key, Slug, Text, Words


class FeeCase(Data):
    """What one or more answers to a choice cost: an amount, a table over a number, or so much for each unit."""

    of: Annotated[tuple[Words, ...], Field(min_length=1)]
    amount: Amount | None = None
    by: Annotated[tuple[Key, ...], BeforeValidator(keys, json_schema_input_type=Key | tuple[Key, ...])] | None = None
    rows: tuple[FeeRow, ...] = ()
    per: Annotated[Decimal | None, Field(gt=0)] = None
    unit: Text | None = None
    least: Amount | None = None

    @model_validator(mode="after")
    def _one_way_to_an_amount(self) -> Self:
        measured = self.by is not None
        if (self.amount is None) == (not self.rows) or (bool(self.rows) and (not measured or len(self.by or ()) != 1)):
            raise ValueError("give an amount, or by and rows, or by and amount")
        if not (measured and self.amount is not None) and (self.per or self.unit or self.least):
            raise ValueError("per, unit and least belong to an amount for each unit: give by and amount")
        return self


class ChoiceFee(Priced):
    """An amount that depends on the answer to a choice, and for some answers on a number too."""

    kind: Literal["by_choice"]
    by: Key
    cases: Annotated[tuple[FeeCase, ...], Field(min_length=1)]

    def chosen(self, answer: object) -> "SimpleFee | None":
        """The fee for one answer, or None when there is none for it."""
        case = next((case for case in self.cases if answer in case.of), None)
        return None if case is None else self.fee_of(case)

    def fee_of(self, case: FeeCase) -> "SimpleFee":
        """One case as a fee of its own."""
        words = {"name": self.name, "source": self.source}
        if case.by is None:
            return FlatFee(kind="flat", amount=case.amount or 0, note=self.note, **words)
        if case.rows:
            return YearlyFee(kind="per_year", by=case.by[0], rows=case.rows, **words)
        rest = {"per": case.per or Decimal(1), "unit": case.unit, "least": case.least}
        return PerUnitFee(kind="per_unit", by=case.by, amount=case.amount or 0, **rest, **words)

    def mistakes(self) -> Iterator[str]:
        """Every answer has one case at most, and every table climbs."""
        values = [value for case in self.cases for value in case.of]
        for value in sorted({value for value in values if values.count(value) > 1}):
            yield f"the answer {value!r} has two amounts"
        for case in self.cases:
            yield from self.fee_of(case).mistakes()

    @property
    def highest(self) -> int | None:
        """The largest amount in satang this fee can ask; None when it has no end."""
        return _sum_or_max([self.fee_of(case).highest for case in self.cases], largest=True)

    @property
    def lowest(self) -> int:
        """The smallest amount in satang this fee can ask."""
        return min(self.fee_of(case).lowest for case in self.cases)


def _sum_or_max(amounts: list[int | None], *, largest: bool) -> int | None:
    known = [amount for amount in amounts if amount is not None]
    if len(known) != len(amounts):
        return None
    return max(known) if largest else sum(known)


SimpleFee = FlatFee | SizeFee | YearlyFee | PerUnitFee
"""A fee with one way to its amount."""
Part = Annotated[FlatFee | SizeFee | YearlyFee | PerUnitFee | ChoiceFee, Field(discriminator="kind")]
"""A fee that can be one of several."""


class SeveralFees(Charge):
    """Several fees together, each a line of its own."""

    kind: Literal["several"]
    parts: Annotated[tuple[Part, ...], Field(min_length=2)]
    note: Text | None = None
    confirm: bool = False

    def mistakes(self) -> Iterator[str]:
        """Those of the parts."""
        for part in self.parts:
            yield from part.mistakes()

    @property
    def highest(self) -> int | None:
        """The largest sum in satang this fee can ask, without tax and surcharge; None when it has no end."""
        return _sum_or_max([part.highest for part in self.parts], largest=False)

    @property
    def lowest(self) -> int:
        """The smallest sum in satang this fee can ask."""
        return sum(part.lowest for part in self.parts if part.when is None)

    @property
    def source(self) -> Text:
        """The legal sources of all parts, each once."""
        sources = list(dict.fromkeys(part.source for part in self.parts))
        return Text(th=" · ".join(one.th for one in sources), en=" · ".join(one.en for one in sources))


class OrdinanceFee(Charge):
    """The amount stands in the ordinance of the local authority, up to a cap in the law."""

    kind: Literal["by_ordinance"]
    name: Text
    cap: Amount | None = None
    source: Text
    note: Text | None = None
    confirm: bool = False


Fee = Annotated[
    NoFee | FlatFee | SizeFee | YearlyFee | PerUnitFee | ChoiceFee | SeveralFees | OrdinanceFee,
    Field(discriminator="kind"),
]
KnownFee = Annotated[
    NoFee | FlatFee | SizeFee | YearlyFee | PerUnitFee | ChoiceFee | SeveralFees, Field(discriminator="kind")
]
"""A fee whose amount can be worked out: what an ordinance may hold."""


class LaterFee(Data):
    """What falls due at another time than now: every year, for a replacement, for a transfer (manual section 16)."""

    name: Text
    amount: Amount
    source: Text
    due_for: Literal["substitute", "amend"] | None = None
    """The act on an issued licence that is not done before this is paid; None: it falls due otherwise."""
    confirm: bool = False


class Ordinance(Data):
    """The fee ordinance of one local authority (`authorities/<agency code>.yaml`), by service."""

    agency: Code
    name: Text
    in_force: date
    confirm: bool = False
    fees: Mapping[Slug, KnownFee]
