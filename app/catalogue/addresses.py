"""The Thai address: a subdistrict by its DOPA code (`geothai`), and the house, moo, soi and road in it.

District, province and postal code are never asked: they follow from the subdistrict.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, Final, Literal

import geothai
from pydantic import JsonValue
from typing_extensions import override

from app.catalogue.asking import Asking, Refused, named
from app.catalogue.texts import NBSP, Text
from app.core.thai import arabic

_LONGEST: Final = {"house": 30, "moo": 10, "soi": 80, "road": 80, "subdistrict": 200}
_LEVEL: Final = r"(?:ตำบล|แขวง|อำเภอ|เขต|จังหวัด|(?<![ก-๙])[ตอจ]\.)"
_SPLITS: Final = (re.compile(r"\s+"), re.compile(rf"(?:^|\s){_LEVEL}"), re.compile(rf"\s+|{_LEVEL}|(?=กรุงเทพ)"))
"""Ways to cut Thai words into names, tried in turn: some names hold a space, others a word such as "เขต"."""
_BANGKOK: Final = "10"
_PART_NAMES: Final = {
    "house": Text(th="บ้านเลขที่", en="house number"),
    "moo": Text(th="หมู่ที่", en="moo"),
    "soi": Text(th="ซอย", en="soi"),
    "road": Text(th="ถนน", en="road"),
    "subdistrict": Text(th="ตำบล", en="subdistrict"),
}
_SAMPLE: Final = Text(th="พระปฐมเจดีย์ เมืองนครปฐม นครปฐม", en="Phra Pathom Chedi, Mueang Nakhon Pathom, Nakhon Pathom")


@dataclass(frozen=True)
class Subdistrict:
    """A subdistrict and what follows from it."""

    code: str
    """Six digits: two of the province, two of the district, two of the subdistrict (DOPA)."""
    subdistrict: Text
    district: Text
    province: Text
    postcodes: tuple[str, ...]

    def to(self, lang: str) -> str:
        """The place in words, where a message names it."""
        return self.show(lang)

    def show(self, lang: str, postcode: str = "") -> str:
        """The place in words: "ตำบล… อำเภอ… จังหวัด… 73000" (แขวง and เขต in Bangkok)."""
        code = postcode or (self.postcodes[0] if len(self.postcodes) == 1 else "")
        sub, district, province = (t.to(lang) for t in (self.subdistrict, self.district, self.province))
        if lang == "en":
            return ", ".join((sub, district, " ".join(filter(None, (province, code)))))
        if self.code.startswith(_BANGKOK):
            words = (f"แขวง{sub}", district if district.startswith("เขต") else f"เขต{district}", province)
        else:
            words = (f"ตำบล{sub}", f"อำเภอ{district}", f"จังหวัด{province}")
        return " ".join(filter(None, (*words, code)))


def subdistrict(code: str) -> Subdistrict | None:
    """The subdistrict with this DOPA code, or None."""
    found = geothai.address(code)
    if found is None:
        return None
    return Subdistrict(
        code,
        Text(th=found.subdistrict.name_th, en=found.subdistrict.name_en),
        Text(th=found.district.name_th, en=found.district.name_en),
        Text(th=found.province.name_th, en=found.province.name_en),
        found.subdistrict.postal_codes,
    )


def known_area(code: str) -> bool:
    """Whether a district (4 digits) or subdistrict (6 digits) with this code exists."""
    return bool(geothai.district(code) if len(code) == len("7301") else geothai.subdistrict(code))


def find(text: str) -> list[Subdistrict]:
    """The subdistricts that a code, a postal code or words such as "ตำบล… อำเภอ… จังหวัด…" can mean.

    Names are separated by commas, or by spaces in Thai; a district, a province or a postal code narrows the list.
    """
    text = arabic(text)
    if re.fullmatch(r"\d{6}", text):
        return [p for p in (subdistrict(text),) if p]
    postcode = next(iter(re.findall(r"(?<!\d)\d{5}(?!\d)", text)), "")
    rest = text.replace(postcode, " ") if postcode else text
    comma = re.search(r"[,A-Za-z]", rest)
    for names in [rest.split(",")] if comma else [split.split(rest) for split in _SPLITS]:
        found = [p for code in _codes([n.strip() for n in names if n.strip()], postcode) if (p := subdistrict(code))]
        if found:
            return found
    return []


def _codes(names: list[str], postcode: str) -> list[str]:
    """Codes for a subdistrict name followed by up to two wider areas, in either order of what is left out."""
    if not names:
        return [s.code for s in geothai.by_postal_code(postcode)]
    first, *wider = names
    tries: list[tuple[str | None, str | None]] = [(None, None)]
    if len(wider) == 1:
        tries = [(wider[0], None), (None, wider[0])]
    elif wider:
        tries = [(wider[0], wider[1])]
    found = [
        address.subdistrict.code
        for district, province in tries
        for address in geothai.match(first, district=district, province=province, postal_code=postcode or None)
    ]
    return list(dict.fromkeys(found))


def suggest(text: str, limit: int = 10) -> list[Subdistrict]:
    """Subdistricts for what has been typed so far: exact readings first, then names that begin with or contain it."""
    found = find(text)
    for result in geothai.search(text, limit=4 * limit) if len(found) < limit else ():
        code = result.area.code
        if result.level == "subdistrict":
            found += [p for p in (subdistrict(code),) if p]
        elif result.level == "district":
            found += [p for s in geothai.subdistricts(code) if (p := subdistrict(s.code))]
    return list({p.code: p for p in found}.values())[:limit]


class AddressQuestion(Asking):
    """An address, stored as {house, moo, soi, road, subdistrict, postcode} without what was left empty."""

    parts: ClassVar[tuple[str, ...]] = ("house", "moo", "soi", "road", "subdistrict")

    kind: Literal["address"]

    @override
    def nothing_said(self) -> Text:
        return self.ask(
            Text(th="ใส่{name} ให้มีบ้านเลขที่และตำบล", en="Enter the {name} with a house number and a subdistrict"),
            Text(th=f"99/9 {_SAMPLE.th}", en=f"99/9 {_SAMPLE.en}"),
        )

    @override
    def parse(self, typed: Mapping[str, str], raw: Mapping[str, str]) -> JsonValue:
        for part, limit in _LONGEST.items():
            if len(typed[part]) > limit:
                rule = Text(th="ย่อ{part}ให้ไม่เกิน {limit} ตัวอักษร", en="Shorten the {part} to at most {limit} characters")
                raise Refused(rule.filled(part=_PART_NAMES[part], limit=str(limit)), part)
        if not re.search(r"\d", arabic(typed["house"])):
            raise Refused(
                Text(
                    th="ใส่บ้านเลขที่ของ{name} เช่น 99/9", en="Enter the house number of the {name}, for example 99/9"
                ).filled(name=named(self.name)),
                "house",
            )
        where = self._one_place(typed["subdistrict"])
        value: dict[str, JsonValue] = {
            "house": re.sub(r"^(?:บ้าน)?เลขที่\s*", "", typed["house"]),
            "moo": re.sub(r"^(?:หมู่ที่|หมู่|ม\.)\s*", "", typed["moo"]),
            "soi": re.sub(r"^(?:ซอย|ซ\.)\s*", "", typed["soi"]),
            "road": re.sub(r"^(?:ถนน|ถ\.)\s*", "", typed["road"]),
            "subdistrict": where.code,
            "postcode": self._postcode(typed["subdistrict"], where),
        }
        return {part: said for part, said in value.items() if said}

    def _one_place(self, typed: str) -> Subdistrict:
        found = find(typed)
        if len(found) == 1:
            return found[0]
        if not typed:
            said = Text(
                th="ใส่ตำบล อำเภอ และจังหวัดของ{name} เช่น {sample}",
                en="Enter the subdistrict, district and province of the {name}, for example {sample}",
            )
        elif found:
            said = Text(
                th="มีตำบลที่ตรงกัน {count} แห่ง ใส่อำเภอและจังหวัดต่อท้าย เช่น {sample}",
                en="{count} subdistricts match: add the district and the province, for example {sample}",
            )
        else:
            said = Text(
                th="ไม่พบตำบลนี้ ตรวจตัวสะกดแล้วใส่ตำบล อำเภอ และจังหวัด เช่น {sample}",
                en="No such subdistrict: check the spelling and enter subdistrict, district and province, "
                "for example {sample}",
            )
        raise Refused(said.filled(name=named(self.name), sample=_SAMPLE, count=str(len(found))), "subdistrict")

    @staticmethod
    def _postcode(typed: str, where: Subdistrict) -> str:
        """The postal code: the only one of the subdistrict, else the one that was typed."""
        if len(where.postcodes) == 1:
            return where.postcodes[0]
        return next((code for code in where.postcodes if code in arabic(typed)), "")

    @override
    def fill(self, value: JsonValue) -> dict[str, str]:
        held = value if isinstance(value, dict) else {}
        filled = {f"{self.key}.{part}": str(held.get(part) or "") for part in self.parts}
        where = subdistrict(filled[f"{self.key}.subdistrict"])
        if where:
            filled[f"{self.key}.subdistrict"] = where.show("th", str(held.get("postcode") or ""))
        return filled

    @override
    def show(self, value: JsonValue, lang: str) -> str:
        if not isinstance(value, dict):
            return ""
        where = subdistrict(str(value.get("subdistrict") or ""))
        area = where.show(lang, str(value.get("postcode") or "")) if where else ""
        house, moo, soi, road = (str(value.get(part) or "") for part in ("house", "moo", "soi", "road"))
        if lang == "en":
            near = (house, moo and f"Moo{NBSP}{moo}", soi and f"Soi {soi}", road and f"{road} Road")
            return ", ".join(filter(None, (*near, area)))
        near = (house, moo and f"หมู่{NBSP}{moo}", soi and f"ซอย{soi}", road and f"ถนน{road}")
        return " ".join(filter(None, (*near, area)))
