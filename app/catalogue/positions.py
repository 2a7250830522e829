"""The question kind that is a point on the map: what a phone's map copies, in decimal degrees or in minutes."""

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import ClassVar, Final, Literal

from pydantic import JsonValue
from typing_extensions import override

from app.catalogue.asking import Asking, Refused, named
from app.catalogue.texts import Text
from app.core.thai import arabic

SOUTH, NORTH, WEST, EAST = Decimal("5.6"), Decimal("20.5"), Decimal("97.3"), Decimal("105.7")
"""The country within its outermost degrees (WGS 84)."""
_MILLIONTH: Final = Decimal("0.000001")
"""About a hand's breadth."""
_DEGREES: Final = re.compile(
    r"""(\d{1,3}(?:\.\d{1,15})?)°?(?:(\d{1,2}(?:\.\d{1,10})?)['′](?:(\d{1,2}(?:\.\d{1,10})?)(?:["″]|''))?)?([nse]?)"""
)


class PositionQuestion(Asking):
    """A point in Thailand, stored as {lat, lon}: degrees of latitude and longitude (WGS 84) with six decimal places."""

    keyboard: ClassVar[str] = "text"

    kind: Literal["position"]

    @override
    def nothing_said(self) -> Text:
        sample = Text(th="13.819000, 100.062000", en="13.819000, 100.062000")
        rule = Text(
            th="ใส่{name}เป็นละติจูดและลองจิจูดที่คัดลอกจากแผนที่",
            en="Enter the {name} as latitude and longitude, copied from a map",
        )
        return self.ask(rule, sample)

    @override
    def parse(self, typed: Mapping[str, str], raw: Mapping[str, str]) -> JsonValue:
        written = arabic(typed[""]).lower()
        parts = [part for part in re.split(r"\s*[,;]\s*" if re.search(r"[,;]", written) else r"\s+", written) if part]
        degrees = [_degrees(part) for part in parts]
        if len(degrees) != 2 or None in degrees:
            raise Refused(self.nothing_said())
        first, second = (found or Decimal(0) for found in degrees)
        lat, lon = (second, first) if WEST <= first <= EAST else (first, second)
        if not (SOUTH <= lat <= NORTH and WEST <= lon <= EAST):
            rule = Text(
                th="ตรวจ{name}กับแผนที่อีกครั้ง จุดนี้ไม่ได้อยู่ในประเทศไทย",
                en="Check the {name} against the map: this point is not in Thailand",
            )
            raise Refused(rule.filled(name=named(self.name)))
        return {"lat": f"{lat.quantize(_MILLIONTH)}", "lon": f"{lon.quantize(_MILLIONTH)}"}

    @override
    def fill(self, value: JsonValue) -> dict[str, str]:
        return {self.key: self.show(value, "th")}

    @override
    def show(self, value: JsonValue, lang: str) -> str:
        if not isinstance(value, dict) or not value.get("lat"):
            return ""
        return f"{value['lat']}, {value.get('lon')}"


def _degrees(written: str) -> Decimal | None:
    """One coordinate: "13.819", "13° 49′ 8.4″ N"."""
    found = _DEGREES.fullmatch(written.replace(" ", ""))
    if not found:
        return None
    whole, minutes, seconds, _side = found.groups()
    return Decimal(whole) + Decimal(minutes or 0) / 60 + Decimal(seconds or 0) / 3600
