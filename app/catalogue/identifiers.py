"""Question kinds that are numbers somebody gave: a person's, a company's."""

import re
from collections.abc import Mapping
from typing import ClassVar, Literal

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
