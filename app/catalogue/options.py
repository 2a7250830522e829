"""Question kinds with options to choose from: one of several, any of several, yes or no."""

from collections.abc import Iterator, Mapping
from typing import Annotated, Literal

from pydantic import Field, JsonValue
from typing_extensions import override

from app.catalogue.asking import GIVEN_VALUES, LONGEST_TYPED, Asking, Fields, Reading, Refused, named
from app.catalogue.texts import Data, Text, Words


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


class MultiChoiceQuestion(Asking):
    """Any of several, stored as the list of the options' values in the order they are offered in.

    `min` and `max` bound how many; a condition `is` or `in` holds when one of the chosen is meant.
    """

    kind: Literal["multi_choice"]
    choices: Annotated[tuple[Option, ...], Field(min_length=2)]
    lowest: Annotated[int, Field(alias="min", ge=1)] = 1
    highest: Annotated[int | None, Field(alias="max", ge=1)] = None

    @override
    def nothing_said(self) -> Text:
        sample = Text(th="“{label}”", en="“{label}”").filled(label=self.choices[0].label)
        if self.lowest > 1:
            rule = Text(th="เลือก{name}อย่างน้อย {least} ข้อ", en="Choose at least {least} for the {name}")
            return self.ask(rule.filled(name="{name}", least=str(self.lowest)), sample)
        return self.ask(Text(th="เลือก{name}อย่างน้อย 1 ข้อ", en="Choose at least one for the {name}"), sample)

    @override
    def read(self, fields: Fields) -> Reading:
        """Every box that was ticked arrives under one name; put back, they stand in one line with blanks between."""
        return super().read({self.key: (" ".join(fields.get(self.key, ()))[: LONGEST_TYPED + 1],)})

    @override
    def parse(self, typed: Mapping[str, str], raw: Mapping[str, str]) -> JsonValue:
        ticked = set(typed[""].split())
        found: list[JsonValue] = [option.value for option in self.choices if option.value in ticked]
        if len(found) != len(ticked) or len(found) < self.lowest:
            raise Refused(self.nothing_said())
        if self.highest is not None and len(found) > self.highest:
            rule = Text(th="เลือก{name}ไม่เกิน {most} ข้อ", en="Choose at most {most} for the {name}")
            raise Refused(rule.filled(name=named(self.name), most=str(self.highest)))
        return found

    @override
    def fill(self, value: JsonValue) -> dict[str, str]:
        return {self.key: " ".join(map(str, value)) if isinstance(value, list) else ""}

    @override
    def show(self, value: JsonValue, lang: str) -> str:
        """The labels with commas; one value alone (as a condition holds it) is its label."""
        meant = value if isinstance(value, list) else [value]
        return ", ".join(option.label.to(lang) for option in self.choices if option.value in meant)

    @override
    def mistakes(self) -> Iterator[str]:
        yield from super().mistakes()
        values = [option.value for option in self.choices]
        for value in sorted({v for v in values if values.count(v) > 1}):
            yield f"the option {value!r} appears twice"
        if self.lowest > (self.highest or len(values)) or (self.highest or 0) > len(values):
            yield f"min {self.lowest} and max {self.highest} cannot be met with {len(values)} options"
