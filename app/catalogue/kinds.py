"""The kinds of question: one class each, paired with one template of the same name. Words and choices live here."""

import re
from collections.abc import Iterator, Mapping
from typing import Annotated, ClassVar, Final, Literal

from pydantic import Field, JsonValue, TypeAdapter
from typing_extensions import override

from app.catalogue.addresses import AddressQuestion
from app.catalogue.asking import GIVEN_VALUES, Asking, Refused, named
from app.catalogue.measures import DateQuestion, DecimalQuestion, IntegerQuestion, MoneyQuestion
from app.catalogue.texts import NBSP, Data, Text, Words
from app.core.thai import arabic, clean_lines, compact_id, format_citizen_id, valid_citizen_id, valid_juristic_id


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


class Option(Data):
    """One thing to choose: the stored word, its label, and a hint under it."""

    value: Annotated[Words, Field(pattern=r"^[a-z0-9][a-z0-9_-]*$")]
    label: Text
    hint: Text | None = None


class ChoiceQuestion(Asking):
    """One of several, stored as the option's value."""

    kind: Literal["choice"]
    choices: Annotated[tuple[Option, ...], Field(min_length=2)]

    @override
    def nothing_said(self) -> Text:
        sample = Text(th="“{label}”", en="“{label}”").filled(label=self.choices[0].label)
        return self.ask(Text(th="เลือก{name}", en="Choose the {name}"), sample)

    @override
    def parse(self, typed: Mapping[str, str], raw: Mapping[str, str]) -> JsonValue:
        if typed[""] not in {option.value for option in self.choices}:
            raise Refused(self.nothing_said())
        return typed[""]

    @override
    def show(self, value: JsonValue, lang: str) -> str:
        return next((option.label.to(lang) for option in self.choices if option.value == value), "")

    @override
    def mistakes(self) -> Iterator[str]:
        yield from super().mistakes()
        values = [option.value for option in self.choices]
        for value in sorted({v for v in values if values.count(v) > 1}):
            yield f"the option {value!r} appears twice"
        if self.given and sorted(values) != sorted(GIVEN_VALUES[self.given]):
            yield f"the portal gives {' or '.join(GIVEN_VALUES[self.given])}: offer exactly these"


class YesNoQuestion(Asking):
    """Yes or no, stored as "yes" or "no" so that conditions, forms and data use one word."""

    kind: Literal["yes_no"]
    yes: Text = Text(th="ใช่", en="Yes")
    no: Text = Text(th="ไม่ใช่", en="No")

    @property
    def choices(self) -> tuple[Option, ...]:
        """The two options, in the shape a choice has."""
        return Option(value="yes", label=self.yes), Option(value="no", label=self.no)

    @override
    def nothing_said(self) -> Text:
        return Text(th="เลือก “{yes}” หรือ “{no}” สำหรับ{name}", en="Choose “{yes}” or “{no}” for the {name}").filled(
            yes=self.yes, no=self.no, name=named(self.name)
        )

    @override
    def parse(self, typed: Mapping[str, str], raw: Mapping[str, str]) -> JsonValue:
        if typed[""] not in {"yes", "no"}:
            raise Refused(self.nothing_said())
        return typed[""]

    @override
    def show(self, value: JsonValue, lang: str) -> str:
        return next((option.label.to(lang) for option in self.choices if option.value == value), "")


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
        return self.ask(Text(th="ใส่{name}ที่มีเครื่องหมาย @", en="Enter the {name} with an @ sign"), sample)

    @override
    def parse(self, typed: Mapping[str, str], raw: Mapping[str, str]) -> JsonValue:
        local, _, domain = typed[""].partition("@")
        address = f"{local}@{domain.lower()}"
        if len(address) > 254 or not _EMAIL.fullmatch(address) or ".." in address:
            raise Refused(self.nothing_said())
        return address


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


Question = Annotated[
    TextQuestion
    | LongTextQuestion
    | IntegerQuestion
    | DecimalQuestion
    | MoneyQuestion
    | DateQuestion
    | ChoiceQuestion
    | YesNoQuestion
    | PhoneQuestion
    | EmailQuestion
    | CitizenIdQuestion
    | JuristicIdQuestion
    | AddressQuestion,
    Field(discriminator="kind"),
]

QUESTION: Final[TypeAdapter[Question]] = TypeAdapter(Question)
"""Reads one question from data."""
