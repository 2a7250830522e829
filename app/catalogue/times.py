"""The question kind that is a time of day."""

import re
from collections.abc import Iterator, Mapping
from typing import Annotated, ClassVar, Final, Literal

from pydantic import Field, JsonValue
from typing_extensions import override

from app.catalogue.asking import Asking, Refused
from app.catalogue.texts import NBSP, Text
from app.core.thai import arabic

_CLOCK: Final = re.compile(r"(\d{1,2})(?:[:.](\d{2}))?(?::00)?")
_WRITTEN: Final = Text(th="{time}{nbsp}น.", en="{time}")
_HOURS: Final = Text(th="น.", en="h")
HourMinute = Annotated[str, Field(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")]


class TimeQuestion(Asking):
    """A time of day in Thailand, stored as "HH:MM" on the 24-hour clock. Limits are allowed values."""

    keyboard: ClassVar[str] = "decimal"

    kind: Literal["time"]
    earliest: HourMinute | None = None
    latest: HourMinute | None = None

    @override
    def nothing_said(self) -> Text:
        return self.ask(
            Text(th="ใส่{name}เป็นชั่วโมงและนาที", en="Enter the {name} as hours and minutes"),
            _WRITTEN.filled(time="09:30", nbsp=NBSP),
        )

    @override
    def parse(self, typed: Mapping[str, str], raw: Mapping[str, str]) -> JsonValue:
        written = arabic(typed[""]).replace(" ", "").removesuffix(".")
        found = _CLOCK.fullmatch(written.removesuffix(_HOURS.th.strip(".")).removesuffix(_HOURS.en))
        hour, minute = (int(part or 0) for part in found.groups()) if found else (24, 0)
        if hour > 23 or minute > 59:
            raise Refused(self.nothing_said())
        clock = f"{hour:02}:{minute:02}"
        if self.earliest and clock < self.earliest:
            rule = Text(th="ใส่{name}ตั้งแต่ {limit} น. เป็นต้นไป", en="Enter the {name}: {limit} or later")
            raise Refused(self.ask(rule.filled(name="{name}", limit=self.earliest)))
        if self.latest and clock > self.latest:
            rule = Text(th="ใส่{name}ไม่เกิน {limit} น.", en="Enter the {name}: {limit} or earlier")
            raise Refused(self.ask(rule.filled(name="{name}", limit=self.latest)))
        return clock

    @override
    def show(self, value: JsonValue, lang: str) -> str:
        return _WRITTEN.filled(time=value, nbsp=NBSP).to(lang) if isinstance(value, str) and value else ""

    @override
    def mistakes(self) -> Iterator[str]:
        yield from super().mistakes()
        if self.earliest and self.latest and self.earliest > self.latest:
            yield f"earliest {self.earliest} is after latest {self.latest}"
