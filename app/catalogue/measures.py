"""Question kinds that measure: whole numbers, decimals, money and dates. Thai digits and both eras are understood."""

import re
from calendar import monthrange
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Annotated, ClassVar, Final, Literal

from pydantic import Field, JsonValue
from typing_extensions import override

from app.catalogue.asking import Asking, Refused, named
from app.catalogue.conditions import measured
from app.catalogue.texts import NBSP, Satang, Text, number, plain_number
from app.core.money import baht, baht_short
from app.core.thai import MONTHS, arabic, be_year, date_long, parse_date

_NUMBER: Final = re.compile(r"[+-]?(\d{1,3}(,\d{3}){1,4}|\d{1,15})(\.\d{0,15})?|[+-]?\.\d{1,15}")
_BAHT: Final = Text(th="บาท", en="baht")


class _Number(Asking):
    """A number with an optional unit and limits (both limits are allowed values)."""

    keyboard: ClassVar[str] = "decimal"

    lowest: Annotated[Decimal | None, Field(alias="min")] = None
    highest: Annotated[Decimal | None, Field(alias="max")] = None
    unit: Text | None = None

    @property
    @override
    def unit_text(self) -> Text | None:
        return self.unit

    @override
    def nothing_said(self) -> Text:
        return self.ask(self._as_number(), self._sample())

    @override
    def mistakes(self) -> Iterator[str]:
        yield from super().mistakes()
        if self.lowest is not None and self.highest is not None and self.lowest > self.highest:
            yield f"min {self.lowest} is above max {self.highest}"

    def _as_number(self) -> Text:
        if self.unit is None:
            return Text(th="ใส่{name}เป็นตัวเลข", en="Enter the {name} as a number")
        said = Text(th="ใส่{name}เป็นตัวเลข หน่วย {unit}", en="Enter the {name} as a number, in {unit}")
        return said.filled(name="{name}", unit=self.unit)

    def _sample(self) -> Text:
        sample = plain_number(self.lowest if self.lowest and self.lowest > 0 else Decimal(10))
        return Text(th=sample, en=sample)

    def _measure(self, typed: str) -> Decimal:
        """The number in what was typed; a unit written behind it is fine, a misplaced comma is not."""
        written = arabic(typed).replace(" ", "").lower()
        for unit in (self.unit.th, self.unit.en) if self.unit else ():
            written = written.removesuffix(unit.replace(" ", "").lower())
        if not _NUMBER.fullmatch(written):
            raise Refused(self.nothing_said())
        return Decimal(written.replace(",", ""))

    def _within(self, amount: Decimal) -> Decimal:
        low, high = self.lowest, self.highest
        if (low is None or amount >= low) and (high is None or amount <= high):
            return amount
        if low is None:
            rule = Text(th="ใส่{name}ไม่เกิน {high}", en="Enter the {name} of {high} or less")
        elif high is None:
            rule = Text(th="ใส่{name}ตั้งแต่ {low} ขึ้นไป", en="Enter the {name} of {low} or more")
        else:
            rule = Text(th="ใส่{name}ตั้งแต่ {low} ถึง {high}", en="Enter the {name} between {low} and {high}")
        raise Refused(self.ask(rule.filled(name="{name}", low=self._limit(low), high=self._limit(high))))

    def _limit(self, amount: Decimal | None) -> Text:
        limit = amount or Decimal(0)
        return Text(th=measured(limit, self.unit_text, "th"), en=measured(limit, self.unit_text, "en"))


class IntegerQuestion(_Number):
    """A whole number, stored as an integer."""

    keyboard: ClassVar[str] = "numeric"

    kind: Literal["integer"]

    @override
    def _as_number(self) -> Text:
        return Text(th="ใส่{name}เป็นตัวเลข", en="Enter the {name} as a whole number")

    @override
    def parse(self, typed: Mapping[str, str], raw: Mapping[str, str]) -> JsonValue:
        amount = self._measure(typed[""])
        if amount != int(amount):
            raise Refused(
                self.ask(Text(th="ใส่{name}เป็นจำนวนเต็ม", en="Enter the {name} as a whole number"), self._sample())
            )
        return int(self._within(amount))

    @override
    def show(self, value: JsonValue, lang: str) -> str:
        amount = number(value)
        return "" if amount is None else measured(amount, self.unit, lang)


class DecimalQuestion(_Number):
    """A number with decimals, stored as plain text ("120.5") so that no digit is ever lost."""

    kind: Literal["decimal"]
    places: Annotated[int, Field(ge=1, le=6)] = 2

    @override
    def parse(self, typed: Mapping[str, str], raw: Mapping[str, str]) -> JsonValue:
        amount = self._measure(typed[""])
        if amount != round(amount, self.places):
            rule = Text(
                th="ใส่{name}โดยมีทศนิยมไม่เกิน {places} ตำแหน่ง", en="Enter the {name} with at most {places} decimal places"
            )
            raise Refused(self.ask(rule.filled(name="{name}", places=str(self.places)), self._sample()))
        return plain_number(self._within(amount))

    @override
    def show(self, value: JsonValue, lang: str) -> str:
        amount = number(value)
        return "" if amount is None else measured(amount, self.unit, lang)


class MoneyQuestion(Asking):
    """An amount in baht, stored in satang. Its limits are written in baht."""

    keyboard: ClassVar[str] = "decimal"

    kind: Literal["money"]
    lowest: Annotated[Satang | None, Field(alias="min")] = None
    highest: Annotated[Satang | None, Field(alias="max")] = None

    @property
    @override
    def unit_text(self) -> Text | None:
        return _BAHT

    @override
    def nothing_said(self) -> Text:
        return self.ask(
            Text(th="ใส่{name}เป็นตัวเลข หน่วยบาท", en="Enter the {name} as a number, in baht"),
            Text(th="1,500.00", en="1,500.00"),
        )

    @override
    def parse(self, typed: Mapping[str, str], raw: Mapping[str, str]) -> JsonValue:
        written = arabic(typed[""]).replace(" ", "").lower().removeprefix("฿").removesuffix("บาท").removesuffix("baht")
        if not _NUMBER.fullmatch(written) or Decimal(written.replace(",", "")) % Decimal("0.01"):
            raise Refused(self.nothing_said())
        satang = int(Decimal(written.replace(",", "")) * 100)
        lowest = self.lowest or 0
        if satang < lowest:
            rule = Text(th="ใส่{name}ตั้งแต่ {limit} บาทขึ้นไป", en="Enter the {name} of {limit} baht or more")
            raise Refused(self.ask(rule.filled(name="{name}", limit=baht_short(lowest))))
        if self.highest is not None and satang > self.highest:
            rule = Text(th="ใส่{name}ไม่เกิน {limit} บาท", en="Enter the {name} of {limit} baht or less")
            raise Refused(self.ask(rule.filled(name="{name}", limit=baht_short(self.highest))))
        return satang

    @override
    def fill(self, value: JsonValue) -> dict[str, str]:
        return {self.key: baht(value) if isinstance(value, int) else ""}

    @override
    def show(self, value: JsonValue, lang: str) -> str:
        return f"{baht(value)}{NBSP}{_BAHT.to(lang)}" if isinstance(value, int) else ""


class DateQuestion(Asking):
    """A day, stored as ISO 8601 in the Common Era ("1992-01-14").

    With `partial` the day, or day and month, may be unknown, as in old civil registers: "1992-01", "1992".
    """

    parts: ClassVar[tuple[str, ...]] = ("day", "month", "year")
    keyboard: ClassVar[str] = "numeric"

    kind: Literal["date"]
    partial: bool = False
    earliest: date | None = None
    latest: date | None = None

    @override
    def nothing_said(self) -> Text:
        return self.ask(
            Text(th="ใส่{name}เป็นวัน เดือน ปี พ.ศ.", en="Enter the {name} as day, month and year"),
            Text(th="2 11 2569", en="2 11 2026"),
        )

    @override
    def parse(self, typed: Mapping[str, str], raw: Mapping[str, str]) -> JsonValue:
        day, month, year = (typed[part] for part in self.parts)
        missing = {
            "year": not year,
            "month": not month and (bool(day) or not self.partial),
            "day": not (day or self.partial),
        }
        for part, blank in missing.items():
            if blank:
                raise Refused(self._blank(part), part)
        self._check("year", "1", "1", year)
        self._check("month", "1", month or "1", year)
        self._check("day", day or "1", month or "1", year)
        found = self._in_range(parse_date(day or "1", month or "1", year))
        return found.isoformat()[: 10 if day else 7 if month else 4]

    def _blank(self, part: str) -> Text:
        wanted = {
            "day": Text(th="ใส่วันที่ของ{name}", en="Enter the day of the {name}"),
            "month": Text(th="ใส่เดือนของ{name}", en="Enter the month of the {name}"),
            "year": Text(th="ใส่ปีของ{name}", en="Enter the year of the {name}"),
        }[part]
        return self.ask(wanted, Text(th="2 11 2569", en="2 11 2026"))

    def _check(self, part: str, day: str, month: str, year: str) -> None:
        """Blame the first part that is wrong, so that only its box is marked."""
        try:
            parse_date(day, month, year)
        except ValueError:
            raise Refused(self._unreal(part, month, year), part) from None

    def _unreal(self, part: str, month: str, year: str) -> Text:
        if part == "year":
            said = Text(
                th="ใส่ปีของ{name}เป็นตัวเลข 4 หลัก เช่น 2569 หรือ 2026",
                en="Enter the year of the {name} with 4 digits, for example 2569 or 2026",
            )
        elif part == "month":
            said = Text(
                th="ใส่เดือนของ{name}เป็นตัวเลข 1 ถึง 12 หรือชื่อเดือน เช่น 11 หรือ พฤศจิกายน",
                en="Enter the month of the {name} as a number from 1 to 12 or a name, for example 11 or November",
            )
        else:
            first = parse_date("1", month, year)
            names = MONTHS[first.month - 1]
            said = Text(
                th="{name}ต้องเป็นวันที่มีจริง เดือน{month}มี {days} วัน เช่น {days}",
                en="The {name} must be a real day: {month} has {days} days, for example {days}",
            ).filled(
                name="{name}",
                month=Text(th=names[0], en=names[2]),
                days=str(monthrange(first.year, first.month)[1]),
            )
        return said.filled(name=named(self.name))

    def _in_range(self, found: date) -> date:
        if self.earliest and found < self.earliest:
            rule = Text(th="ใส่{name}ตั้งแต่วันที่ {day} เป็นต้นไป", en="Enter the {name}: {day} or later")
            raise Refused(self.ask(rule.filled(name="{name}", day=_long(self.earliest))), "day")
        if self.latest and found > self.latest:
            rule = Text(th="ใส่{name}ไม่เกินวันที่ {day}", en="Enter the {name}: {day} or earlier")
            raise Refused(self.ask(rule.filled(name="{name}", day=_long(self.latest))), "day")
        return found

    @override
    def fill(self, value: JsonValue) -> dict[str, str]:
        if not isinstance(value, str) or not value:
            return {f"{self.key}.{part}": "" for part in self.parts}
        year, month, day = [*value.split("-"), "", ""][:3]
        be = str(be_year(date(int(year), 1, 1)))
        return {f"{self.key}.day": day.lstrip("0"), f"{self.key}.month": month.lstrip("0"), f"{self.key}.year": be}

    @override
    def show(self, value: JsonValue, lang: str) -> str:
        if not isinstance(value, str) or not value:
            return ""
        if len(value) == len("1992-01-14"):
            return date_long(date.fromisoformat(value), lang)
        year, _, month = value.partition("-")
        shown = year if lang == "en" else str(int(year) + be_year(date(1, 1, 1)) - 1)
        if month:
            return f"{MONTHS[int(month) - 1][2 if lang == 'en' else 0]} {shown}"
        return shown if lang == "en" else f"พ.ศ.{NBSP}{shown}"


def _long(day: date) -> Text:
    return Text(th=date_long(day, "th"), en=date_long(day, "en"))
