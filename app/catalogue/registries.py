"""The State's registries as data: what each is asked about, what its answer says, and what that is good for. Pure.

A registry of `protocol: records` needs no code at all: one call of the exchange, parameters from the person or from
answers, fields that become answers and evidence. The population and the business registry have protocols of their own.
"""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Annotated, Final, Literal

from pydantic import Field, JsonValue, StringConstraints

from app.catalogue.conditions import Answers
from app.catalogue.texts import Data, Key, Text, Words

PERSON: Final = "person.citizen_id"
"""The number of the human being: the applicant, or who began the form of a company."""
PARTY: Final = "party.number"
"""The number of the one it is for: a citizen's, or a company's registration number."""

Path = Annotated[str, StringConstraints(pattern=r"^/ws(/[A-Za-z0-9._-]+)+$")]
Known = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,59}(\.[a-z][a-z0-9_]{0,39})?$")]
"""Where a parameter comes from: PERSON, PARTY, the key of a question, or a part of its answer ("address.house")."""
Field_ = Annotated[str, StringConstraints(pattern=r"^[A-Za-z][A-Za-z0-9_]{0,59}$")]


class Entry(Data):
    """One field of a record: what the registry calls it, and what people do."""

    field: Field_
    label: Text
    kind: Literal["text", "date", "number"] = "text"
    """How it is written there: words, a day YYYYMMDD of the Buddhist era, or a number."""
    words: Mapping[Words, Words] = {}
    """The registry's codes and what they are in our answers; a code that is not here is left out."""
    shown: bool = True
    """Whether citizen and officer read it as evidence."""


class Standing(Data):
    """Which field says whether the record holds, and with which codes it does."""

    field: Field_
    good: Annotated[tuple[Words, ...], Field(min_length=1)]


class Registry(Data):
    """One registry behind the exchange."""

    key: Key
    name: Text
    purpose: Text
    """Why it is asked, for the privacy notice and for the record of every look (PDPA s.23 and s.39)."""
    law: Text | None = None
    """On what its word replaces a paper."""
    protocol: Literal["population", "companies", "records"] = "records"
    values: tuple[Key, ...] = ()
    """What the protocols with code of their own return."""
    path: Path | None = None
    asks: Mapping[Field_, Known] = {}
    """The parameters that identify the record."""
    rows: Field_ = "ResultList"
    reference: Field_ | None = None
    """The field with the number of the record: kept as evidence."""
    issued: Field_ | None = None
    """The field with the day of issue."""
    ends: Field_ | None = None
    """The field with the last day on which it holds."""
    standing: Standing | None = None
    fields: Mapping[Key, Entry] = {}
    absent: Mapping[Key, Words] = {}
    """What it means when there is no record: values by key, as in `fields`."""
    fresh_days: Annotated[int, Field(ge=1, le=365)] = 30
    """How long an answer is good before it is asked anew."""
    confirm: bool = False

    @property
    def linked(self) -> bool:
        """Whether the data here is all there is to it."""
        return self.protocol == "records"

    @property
    def provides(self) -> frozenset[str]:
        """The keys of what it can say."""
        return frozenset((*self.values, *self.fields, *self.absent))

    @property
    def by_answers(self) -> dict[str, str]:
        """The parameters that come from answers."""
        return {name: known for name, known in self.asks.items() if known not in (PERSON, PARTY)}

    @property
    def questions(self) -> frozenset[str]:
        """The questions whose answers identify the record."""
        return frozenset(known.partition(".")[0] for known in self.by_answers.values())

    def identity(self, answers: Answers) -> dict[str, str] | None:
        """The parameters from these answers; None while one of them is not answered."""
        found = {name: _text(answers, known) for name, known in self.by_answers.items()}
        return found if all(found.values()) else None

    def stale(self, asked_on: date, today: date) -> bool:
        """Whether an answer of that day is too old."""
        return today > asked_on + timedelta(days=self.fresh_days)

    def mistakes(self) -> Iterator[tuple[str, str]]:
        """What is wrong with it, for the editor of the catalogue: which field, and what to do."""
        if not self.linked:
            if not self.values:
                yield "values", "say which values this protocol returns"
            for name in ("path", "asks", "fields", "absent", "reference", "standing"):
                if name in self.model_fields_set:
                    yield name, f"the protocol {self.protocol!r} knows this by itself: leave it out"
            return
        for name in ("path", "asks", "fields", "reference", "law"):
            if not getattr(self, name):
                yield name, "a registry of records needs this field"
        if "values" in self.model_fields_set:
            yield "values", "what a registry of records returns stands in fields"

    def said_under(self, key: str) -> tuple[str, ...]:
        """Every word of ours that it can say under `key`, as far as the data tells."""
        words = tuple(self.fields[key].words.values()) if key in self.fields else ()
        return (*words, self.absent[key]) if key in self.absent else words


def _text(answers: Answers, known: str) -> str:
    key, _, part = known.partition(".")
    value: JsonValue = answers.get(key)
    if part:
        value = value.get(part) if isinstance(value, dict) else None
    return "" if value is None or isinstance(value, dict | list) else str(value)
