"""The kind of question that nobody is asked: a number worked out from other answers, shown where it matters."""

from collections.abc import Collection, Iterator, Mapping
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field, JsonValue
from typing_extensions import override

from app.catalogue.asking import Asking, Fields, Reading, Refused
from app.catalogue.conditions import Answers, measured
from app.catalogue.formulas import Formula, needs, rounded, worth
from app.catalogue.texts import Text, number


class ComputedQuestion(Asking):
    """A number that follows from earlier answers (`formulas`): a total area, a count of rooms. Never typed, never kept.

    With `places` 0 it is stored as an integer, else as plain text like a decimal. Conditions, fees and licences may
    point at it as at any number.
    """

    kind: Literal["computed"]
    formula: Formula
    unit: Text | None = None
    places: Annotated[int, Field(ge=0, le=6)] = 2

    @property
    @override
    def asked(self) -> bool:
        return False

    @property
    @override
    def unit_text(self) -> Text | None:
        return self.unit

    def rests_on(self, keys: Collection[str]) -> bool:
        """Whether its formula looks at one of these answers: as long as it is wrong, nothing follows from it."""
        return any(key in keys for _group, key, _what in needs(self.formula))

    def reckon(self, answers: Answers) -> JsonValue:
        """The value under these (visible) answers; None when one that it needs is not there."""
        found = worth(self.formula, answers)
        if found is None:
            return None
        amount = rounded(found, self.places)
        return int(amount) if self.places == 0 else _plain(amount)

    @override
    def read(self, fields: Fields) -> Reading:
        """Nothing that is sent changes it."""
        return Reading(None, None, {}, self.key)

    @override
    def parse(self, typed: Mapping[str, str], raw: Mapping[str, str]) -> JsonValue:
        raise Refused(self.nothing_said())

    @override
    def show(self, value: JsonValue, lang: str) -> str:
        amount = number(value)
        return "" if amount is None else measured(amount, self.unit, lang)

    @override
    def mistakes(self) -> Iterator[str]:
        yield from super().mistakes()
        if self.optional or self.prefill or self.given or self.autocomplete:
            yield "what is computed is neither optional nor prefilled nor given: only label, formula and when"


def _plain(amount: Decimal) -> str:
    """Without exponent or trailing zeros, however many digits there are (`plain_number` rounds to 28)."""
    written = format(amount, "f")
    return (written.rstrip("0").rstrip(".") if "." in written else written) if amount else "0"
