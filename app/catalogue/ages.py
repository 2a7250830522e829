"""How old a document may be when it is handed in, as its requirement says it: "issued within 6 months". Pure."""

from calendar import monthrange
from datetime import date, timedelta
from typing import Annotated, Final, Literal

from pydantic import Field

from app.catalogue.texts import Data, Text

_UNITS: Final = {
    "days": Text(th="วัน", en="days"),
    "months": Text(th="เดือน", en="months"),
    "years": Text(th="ปี", en="years"),
}


class IssuedWithin(Data):
    """The longest time between the day of issue and the day it is handed in."""

    n: Annotated[int, Field(ge=1, le=120)]
    unit: Literal["days", "months", "years"]
    confirm: bool = False

    @property
    def words(self) -> Text:
        """The time in words: "6 เดือน"."""
        unit = _UNITS[self.unit]
        return Text.model_construct(th=f"{self.n} {unit.th}", en=f"{self.n} {unit.en if self.n > 1 else unit.en[:-1]}")

    def since(self, today: date) -> date:
        """The earliest day of issue that is good on `today`; the last day of a shorter month stands for later ones."""
        if self.unit == "days":
            return today - timedelta(days=self.n)
        months = today.year * 12 + today.month - 1 - self.n * (12 if self.unit == "years" else 1)
        year, month = divmod(months, 12)
        return date(year, month + 1, min(today.day, monthrange(year, month + 1)[1]))
