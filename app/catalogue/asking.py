"""What every question has in common: its words, its privacy, where its answer may come from, and how reading goes.

A kind of question (see `kinds`, `addresses`) is one class. It says which form fields it has, how what was typed becomes
a value, how a value is shown, and how a value is put back into the fields.
"""

import re
from abc import abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar, Final, Literal

from pydantic import JsonValue

from app.catalogue.conditions import Answers, Condition
from app.catalogue.deriving import Rule
from app.catalogue.texts import Data, Key, Text, Words
from app.core.thai import clean
from app.pdf import characters

Fields = Mapping[str, Sequence[str]]
"""A submitted HTML form: field name to the values sent under it."""


@dataclass(frozen=True)
class Reading:
    """What came of reading one question.

    `value` is the answer in its stored form, or None when nothing was said or it does not fit. `problem` says what to
    do. `raw` is what was typed, by field name, kept exactly (only NUL and lone surrogates, which no database can keep,
    and what goes beyond LONGEST_TYPED are dropped). `at` is the field an error link leads to.
    """

    value: JsonValue
    problem: Text | None
    raw: dict[str, str]
    at: str


LONGEST_TYPED: Final = 20_000
"""More characters than this in one field are not read at all: cleaning megabytes would hold everybody up."""

_TOO_LONG: Final = Text(
    th="ย่อ{name}ให้ไม่เกิน 20,000 ตัวอักษร เช่น เล่าเฉพาะส่วนที่จำเป็น",
    en="Shorten the {name} to at most 20,000 characters, for example by telling only what is needed",
)
_UNPRINTABLE: Final = Text(
    th="แก้{name} เอกสารทางการพิมพ์ {characters} ไม่ได้ ให้ใช้อักษรไทย อักษรโรมัน หรือตัวเลขแทน สิ่งที่พิมพ์ไว้ยังอยู่ครบ",
    en="Change the {name}: official documents cannot show {characters}. Use Thai or Roman letters or digits instead; "
    "everything you typed is still here",
)


class Refused(Exception):
    """What was typed does not fit: why (with what to do), and in which part of the question."""

    def __init__(self, problem: Text, part: str = "") -> None:
        super().__init__(problem.th)
        self.problem = problem
        self.part = part


Given = Literal["applicant_kind"]
"""What the portal can answer by itself: whom the form is for, `person` or `organisation`."""

GIVEN_VALUES: Final[dict[str, tuple[str, ...]]] = {"applicant_kind": ("person", "organisation")}
"""What each of them can be."""


class Prefill(Data):
    """Where the State already knows the answer: a registry, and the key of the value in what it returns."""

    registry: Key
    path: Words
    editable: bool = False
    """Whether the person may simply change it: the registry’s word is a help, not what the law decides by."""


class Asking(Data):
    """A question as data. Subclasses add `kind` and what only their kind needs."""

    parts: ClassVar[tuple[str, ...]] = ()
    """The parts of the answer, each its own field `key.part`; empty for a question with one field `key`."""
    keyboard: ClassVar[str] = "text"
    """The HTML inputmode of the kind."""

    key: Key
    label: Text
    short: Text | None = None
    """The label as a noun, for sentences and summaries; needed when the label is a whole question."""
    hint: Text | None = None
    why: Text | None = None
    example: Text | None = None
    optional: bool = False
    autocomplete: Words | None = None
    personal: bool = False
    """Personal data in the sense of PDPA s.6."""
    sensitive: bool = False
    """Sensitive data in the sense of PDPA s.26 (health, religion, biometrics …)."""
    prefill: Prefill | None = None
    derive: tuple[Rule, ...] = ()
    """What mostly is the answer, from earlier answers; the first rule that says something counts."""
    given: Given | None = None
    """What the portal itself answers when a form is started; such a question is never asked."""
    when: Condition | None = None

    @property
    def name(self) -> Text:
        """The question as a noun: "เบอร์โทรศัพท์"."""
        return self.short or self.label

    @property
    def asked(self) -> bool:
        """Whether people answer it: the portal neither knows nor computes it."""
        return self.given is None

    @property
    def unit_text(self) -> Text | None:
        """The unit of the answer, where there is one."""
        return None

    @property
    def inputmode(self) -> str:
        """The keyboard a phone should show."""
        return self.keyboard

    @property
    def fields(self) -> tuple[str, ...]:
        """The names of the form fields of this question."""
        return tuple(f"{self.key}.{part}" for part in self.parts) or (self.key,)

    def read(self, fields: Fields) -> Reading:
        """Make an answer of what was typed. Never raises; whatever was typed is in `raw`."""
        raw = {name: _storable(fields[name][0]) for name in self.fields if fields.get(name)}
        for name, text in raw.items():
            if len(text) > LONGEST_TYPED:
                return Reading(None, _TOO_LONG.filled(name=named(self.name)), _cut(raw), name)
        typed = {name.partition(".")[2]: clean(text) for name, text in raw.items()}
        at = self.fields[0]
        if not any(typed.values()):
            return Reading(None, None if self.optional else self.nothing_said(), raw, at)
        for name, text in zip(raw, typed.values(), strict=True):
            if lacking := characters.missing(text):
                said = _UNPRINTABLE.filled(name=named(self.name), characters=characters.named(lacking))
                return Reading(None, said, raw, name)
        try:
            return Reading(self.parse({part: typed.get(part, "") for part in self.parts or ("",)}, raw), None, raw, at)
        except Refused as refused:
            return Reading(None, refused.problem, raw, f"{self.key}.{refused.part}" if refused.part else at)

    @abstractmethod
    def parse(self, typed: Mapping[str, str], raw: Mapping[str, str]) -> JsonValue:
        """The value of cleaned text by part ("" for the only field), or Refused. At least one part is not blank."""

    def fill(self, value: JsonValue) -> dict[str, str]:
        """What the form fields hold when this value is edited: reading it again gives the same value."""
        return {self.key: "" if value is None else str(value)}

    def show(self, value: JsonValue, lang: str) -> str:
        """The value as a person reads it; empty when there is none."""
        del lang
        return "" if value is None else str(value)

    def review(self, value: JsonValue) -> Reading:
        """Read a value that was stored or fetched as if it had been typed, to see whether it (still) fits."""
        try:
            fields = self.fill(value)
        except (TypeError, ValueError):
            return Reading(None, self.nothing_said(), {}, self.fields[0])
        return self.read({name: (text,) for name, text in fields.items()})

    def accept(self, value: JsonValue) -> JsonValue:
        """A value from elsewhere (a registry, an earlier form) in stored form, or None when it does not fit here."""
        return self.review(value).value

    def derived(self, said: Answers) -> tuple[JsonValue, tuple[str, ...]]:
        """What mostly is the answer under these answers, and the questions it follows from; None when nothing does."""
        for rule in self.derive:
            value = self.accept(rule.answer(said))
            if value is not None:
                return value, rule.looks_at
        return None, ()

    def nothing_said(self) -> Text:
        """The problem of a required question without an answer: what to enter, with the example."""
        return self.ask(Text(th="ใส่{name}", en="Enter the {name}"))

    def ask(self, wanted: Text, example: Text | None = None) -> Text:
        """A message that names the question and ends in an example, when there is one."""
        shown = self.example or example
        said = wanted.filled(name=named(self.name))
        if shown is None:
            return said
        return Text(th=f"{said.th} เช่น {shown.th}", en=f"{said.en}, for example {shown.en}")

    def mistakes(self) -> Iterator[str]:
        """What is wrong with the question itself, for the editor of the catalogue."""
        if self.sensitive and not self.personal:
            yield "sensitive data is personal data: set personal too"
        for rule in self.derive:
            if rule.value is not None and self.accept(rule.value) is None:
                yield f"derive: {rule.value!r} is no answer to it"
        if self.given and (self.when or self.prefill or self.optional):
            yield "what the portal gives is there from the start: no when, prefill or optional"


_NO_DATABASE_KEEPS: Final = re.compile("[\x00\ud800-\udfff]")


def _storable(text: str) -> str:
    return _NO_DATABASE_KEEPS.sub("", text)


def _cut(raw: Mapping[str, str]) -> dict[str, str]:
    return {name: text[:LONGEST_TYPED] for name, text in raw.items()}


def named(name: Text) -> Text:
    """A name inside a sentence: English gets a small first letter unless it is an abbreviation or a proper name."""
    first, rest = name.en[:1], name.en[1:2]
    english = first.lower() + name.en[1:] if rest == rest.lower() else name.en
    return Text(th=name.th, en=english)
