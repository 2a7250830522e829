"""Question kinds that are numbers somebody gave: a person's, a company's, that of a line of business."""

import re
from collections.abc import Mapping
from typing import ClassVar, Final, Literal

from pydantic import JsonValue
from typing_extensions import override

from app.catalogue.asking import Asking, Refused, named
from app.catalogue.texts import Text
from app.core.thai import compact_id, format_citizen_id, valid_citizen_id, valid_juristic_id


class CitizenIdQuestion(Asking):
    """Thirteen digits of a person with the right check digit, stored without hyphens."""

    keyboard: ClassVar[str] = "numeric"

    kind: Literal["citizen_id"]

    @override
    def nothing_said(self) -> Text:
        sample = Text(th="1-2345-67890-12-3", en="1-2345-67890-12-3")
        return self.ask(Text(th="ใส่{name} 13 หลักตามบัตร", en="Enter the {name}, the 13 digits on the card"), sample)

    @override
    def parse(self, typed: Mapping[str, str], raw: Mapping[str, str]) -> JsonValue:
        digits = compact_id(typed[""])
        if not re.fullmatch(r"\d{13}", digits):
            raise Refused(self.nothing_said())
        if not valid_citizen_id(digits):
            sample = Text(th="1-2345-67890-12-3", en="1-2345-67890-12-3")
            rule = Text(
                th="ตรวจ{name}กับบัตรอีกครั้ง มีตัวเลขบางหลักไม่ตรง รูปแบบ",
                en="Check the {name} against the card: some digits differ. The form is",
            )
            said = rule.filled(name=named(self.name))
            raise Refused(Text(th=f"{said.th} {sample.th}", en=f"{said.en} {sample.en}"))
        return digits

    @override
    def show(self, value: JsonValue, lang: str) -> str:
        return format_citizen_id(value) if isinstance(value, str) and value else ""


class JuristicIdQuestion(Asking):
    """Thirteen digits of a juristic person with the right check digit, stored without hyphens."""

    keyboard: ClassVar[str] = "numeric"

    kind: Literal["juristic_id"]

    @override
    def nothing_said(self) -> Text:
        sample = Text(th="0-1055-36112-01-4", en="0-1055-36112-01-4")
        return self.ask(
            Text(th="ใส่{name} 13 หลักที่ขึ้นต้นด้วย 0", en="Enter the {name}: 13 digits that begin with 0"), sample
        )

    @override
    def parse(self, typed: Mapping[str, str], raw: Mapping[str, str]) -> JsonValue:
        digits = compact_id(typed[""])
        if not re.fullmatch(r"0\d{12}", digits):
            raise Refused(self.nothing_said())
        if not valid_juristic_id(digits):
            rule = Text(
                th="ตรวจ{name}กับหนังสือรับรองอีกครั้ง มีตัวเลขบางหลักไม่ตรง รูปแบบ 0-1055-36112-01-4",
                en="Check the {name} against the certificate: some digits differ. The form is 0-1055-36112-01-4",
            )
            raise Refused(rule.filled(name=named(self.name)))
        return digits

    @override
    def show(self, value: JsonValue, lang: str) -> str:
        return format_citizen_id(value) if isinstance(value, str) and value else ""


SECTIONS: Final = (
    ("01", "03", Text(th="เกษตรกรรม การป่าไม้ และการประมง", en="Agriculture, forestry and fishing")),
    ("05", "09", Text(th="การทำเหมืองแร่และเหมืองหิน", en="Mining and quarrying")),
    ("10", "33", Text(th="การผลิต", en="Manufacturing")),
    ("35", "35", Text(th="ไฟฟ้า ก๊าซ ไอน้ำ และระบบปรับอากาศ", en="Electricity, gas, steam and air conditioning")),
    ("36", "39", Text(th="การจัดหาน้ำ การจัดการน้ำเสียและของเสีย", en="Water supply, sewerage and waste management")),
    ("41", "43", Text(th="การก่อสร้าง", en="Construction")),
    ("45", "47", Text(th="การขายส่งและการขายปลีก การซ่อมยานยนต์", en="Wholesale and retail trade, repair of vehicles")),
    ("49", "53", Text(th="การขนส่งและสถานที่เก็บสินค้า", en="Transport and storage")),
    ("55", "56", Text(th="ที่พักแรมและบริการด้านอาหาร", en="Accommodation and food service")),
    ("58", "63", Text(th="ข้อมูลข่าวสารและการสื่อสาร", en="Information and communication")),
    ("64", "66", Text(th="กิจกรรมทางการเงินและการประกันภัย", en="Finance and insurance")),
    ("68", "68", Text(th="กิจกรรมอสังหาริมทรัพย์", en="Real estate")),
    ("69", "75", Text(th="กิจกรรมวิชาชีพ วิทยาศาสตร์ และเทคนิค", en="Professional, scientific and technical activities")),
    ("77", "82", Text(th="กิจกรรมการบริหารและบริการสนับสนุน", en="Administrative and support services")),
    ("84", "84", Text(th="การบริหารราชการและการป้องกันประเทศ", en="Public administration and defence")),
    ("85", "85", Text(th="การศึกษา", en="Education")),
    ("86", "88", Text(th="สุขภาพและงานสังคมสงเคราะห์", en="Health and social work")),
    ("90", "93", Text(th="ศิลปะ ความบันเทิง และนันทนาการ", en="Arts, entertainment and recreation")),
    ("94", "96", Text(th="กิจกรรมบริการด้านอื่น ๆ", en="Other services")),
    ("97", "98", Text(th="กิจกรรมในครัวเรือน", en="Activities of households")),
    ("99", "99", Text(th="องค์การระหว่างประเทศ", en="International organisations")),
)
"""Sections of the Thailand Standard Industrial Classification (TSIC 2009), each by its first and last division."""


class TsicQuestion(Asking):
    """The code of a line of business: five digits of which the first two are a known division."""

    keyboard: ClassVar[str] = "numeric"

    kind: Literal["tsic"]

    @override
    def nothing_said(self) -> Text:
        sample = Text(th="56101", en="56101")
        return self.ask(Text(th="ใส่{name}เป็นตัวเลข 5 หลัก", en="Enter the {name} with 5 digits"), sample)

    @override
    def parse(self, typed: Mapping[str, str], raw: Mapping[str, str]) -> JsonValue:
        digits = compact_id(typed[""])
        if not re.fullmatch(r"\d{5}", digits):
            raise Refused(self.nothing_said())
        if section_of(digits) is None:
            rule = Text(
                th="ตรวจ{name}อีกครั้ง ไม่มีหมวดธุรกิจที่ขึ้นต้นด้วย {start} เช่น 56101",
                en="Check the {name}: no line of business begins with {start}. One example is 56101",
            )
            raise Refused(rule.filled(name=named(self.name), start=digits[:2]))
        return digits

    @override
    def show(self, value: JsonValue, lang: str) -> str:
        section = section_of(value) if isinstance(value, str) else None
        return f"{value} ({section.to(lang)})" if section else ""


def section_of(code: str) -> Text | None:
    """The section a code belongs to, or None when its division does not exist."""
    return next((name for first, last, name in SECTIONS if first <= code[:2] <= last), None)
