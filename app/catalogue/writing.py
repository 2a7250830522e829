"""Question kinds that are words: one line, several lines, a telephone number, an e-mail address."""

import re
from collections.abc import Mapping
from typing import Annotated, ClassVar, Final, Literal

from pydantic import Field, JsonValue
from typing_extensions import override

from app.catalogue.asking import Asking, Refused, named
from app.catalogue.texts import NBSP, Text
from app.core.thai import arabic, clean_lines


def _short_enough(question: Asking, text: str, limit: int) -> str:
    if len(text) > limit:
        rule = Text(
            th="ย่อ{name}ให้ไม่เกิน {limit} ตัวอักษร ตอนนี้ยาว {length} ตัวอักษร",
            en="Shorten the {name} to at most {limit} characters; it is {length} now",
        )
        raise Refused(rule.filled(name=named(question.name), limit=f"{limit:,}", length=f"{len(text):,}"))
    return text


class TextQuestion(Asking):
    """One line of words, in any script."""

    kind: Literal["text"]
    max_length: Annotated[int, Field(ge=1, le=500)] = 200

    @override
    def parse(self, typed: Mapping[str, str], raw: Mapping[str, str]) -> JsonValue:
        return _short_enough(self, typed[""], self.max_length)


class LongTextQuestion(Asking):
    """Several lines of words; line breaks are kept."""

    kind: Literal["long_text"]
    max_length: Annotated[int, Field(ge=1, le=10_000)] = 2_000

    @override
    def parse(self, typed: Mapping[str, str], raw: Mapping[str, str]) -> JsonValue:
        return _short_enough(self, clean_lines(raw[self.key]), self.max_length)


_MOBILE: Final = re.compile(r"0[689]\d{8}")
_LANDLINE: Final = re.compile(r"0[2-7]\d{7}")
_FOREIGN: Final = re.compile(r"\+[1-9]\d{6,14}")


class PhoneQuestion(Asking):
    """A telephone number: Thai numbers are stored as dialled in Thailand, others in E.164 with a plus sign."""

    keyboard: ClassVar[str] = "tel"

    kind: Literal["phone"]

    @override
    def nothing_said(self) -> Text:
        sample = Text(th=f"08{NBSP}1234{NBSP}5678", en=f"08{NBSP}1234{NBSP}5678")
        return self.ask(Text(th="ใส่{name}เป็นตัวเลข 9 หรือ 10 หลัก", en="Enter the {name} with 9 or 10 digits"), sample)

    @override
    def parse(self, typed: Mapping[str, str], raw: Mapping[str, str]) -> JsonValue:
        digits = re.sub(r"[\s().\-\u2010-\u2015]", "", arabic(typed[""]))
        digits = re.sub(r"^(?:\+|00)66\(?0?", "0", digits)
        if not any(known.fullmatch(digits) for known in (_MOBILE, _LANDLINE, _FOREIGN)):
            raise Refused(self.nothing_said())
        return digits

    @override
    def show(self, value: JsonValue, lang: str) -> str:
        if not isinstance(value, str) or not re.fullmatch(r"\d{9,10}", value):
            return value if isinstance(value, str) else ""
        return NBSP.join((value[:-8], value[-8:-4], value[-4:]))


_EMAIL: Final = re.compile(
    r'[^\s@"(),:;<>\[\]\\]{1,64}@(?:[^\s@.,:;<>()\[\]\\"]{1,63}\.){1,8}[^\s@.,:;<>()\[\]\\"\d]{2,63}'
)


class EmailQuestion(Asking):
    """An e-mail address; the domain is stored in small letters."""

    keyboard: ClassVar[str] = "email"

    kind: Literal["email"]

    @override
    def nothing_said(self) -> Text:
        sample = Text(th="mali@example.com", en="mali@example.com")
        return self.ask(
            Text(th="ใส่{name}ให้ครบทั้งสองข้างของเครื่องหมาย @", en="Enter the {name} in full, on both sides of the @"),
            sample,
        )

    @override
    def parse(self, typed: Mapping[str, str], raw: Mapping[str, str]) -> JsonValue:
        local, _, domain = typed[""].partition("@")
        address = f"{local}@{domain.lower()}"
        if len(address) > 254 or not _EMAIL.fullmatch(address) or ".." in address:
            raise Refused(self.nothing_said())
        return address
