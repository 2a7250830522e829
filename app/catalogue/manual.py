"""The parts of a citizen manual (คู่มือประชาชน, Licensing Facilitation Act B.E. 2558 s.7) that are data of a service."""

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from app.catalogue.conditions import Condition
from app.catalogue.texts import Data, Key, Slug, Text, Unit, Words, amount_of


class Law(Data):
    """A law, the sections that matter, and where to read it."""

    name: Text
    section: Text | None = None
    url: Annotated[str, StringConstraints(pattern=r"^https://")] | None = None
    confirm: bool = False


class Duration(Data):
    """A time the agency or the person has. `confirm`: from memory, to be checked before launch."""

    n: Annotated[int, Field(ge=1)]
    unit: Unit
    note: Text | None = None
    confirm: bool = False

    @property
    def words(self) -> Text:
        """The time in words: "7 วันทำการ"."""
        return amount_of(self.n, self.unit)


class Validity(Data):
    """How long the result holds: `years` from the day of issue, to the end of the `calendar_year`, or without end."""

    unit: Literal["years", "calendar_year", "none"]
    n: Annotated[int, Field(ge=0)] = 0
    note: Text | None = None
    confirm: bool = False

    def last_day(self, first: date) -> date | None:
        """The last day of what holds from `first` on; None when it has no end."""
        if self.unit == "none":
            return None
        if self.unit == "calendar_year":
            return date(first.year, 12, 31)
        year = first.year + self.n
        try:
            same_day = first.replace(year=year)
        except ValueError:
            same_day = date(year, 3, 1)
        return same_day - timedelta(days=1)

    def renewed(self, last: date, today: date) -> date | None:
        """The last day once something that ends on `last` is renewed `today`: no day that was paid for is lost."""
        until = self.last_day(last + timedelta(days=1))
        return until if until is None or until >= today else self.last_day(today)

    @property
    def words(self) -> Text:
        """The time in words: "1 ปี"."""
        if self.unit == "years":
            return amount_of(self.n, "years")
        if self.unit == "calendar_year":
            return Text(th="ถึงสิ้นปีปฏิทิน", en="until the end of the calendar year")
        return Text(th="ไม่มีวันหมดอายุ", en="no end date")


class Step(Data):
    """One step of the agency's work and who does it."""

    name: Text
    who: Text
    n: Annotated[int, Field(ge=0)]
    unit: Unit

    @property
    def words(self) -> Text:
        """The time of the step in words."""
        return amount_of(self.n, self.unit)


class Channel(Data):
    """A way to file other than here."""

    name: Text
    place: Text | None = None
    hours: Text | None = None
    note: Text | None = None


class PaperForm(Data):
    """An official form this service replaces or produces, by its code ("สอ.1")."""

    code: Words
    name: Text


class Manual(Data):
    """What the 19 sections of a citizen manual say beyond the rest of the service's data."""

    service_type: Text
    category: Text
    impact: Text
    area: Text
    time_law: Law | None = None
    who: Annotated[tuple[Text, ...], Field(min_length=1)]
    criteria: Annotated[tuple[Text, ...], Field(min_length=1)]
    channels: tuple[Channel, ...]
    simplified: Text
    forms: tuple[PaperForm, ...] = ()
    complaints: Annotated[tuple[Text, ...], Field(min_length=1)]
    remarks: tuple[Text, ...] = ()


class Ground(Data):
    """A legal ground on which the officer may refuse, or do without something."""

    key: Key
    text: Text
    law: Text
    confirm: bool = False


class Appeal(Data):
    """What a person can do against a refusal, and within how many days."""

    text: Text
    days: Annotated[int, Field(ge=1)]
    law: Text
    confirm: bool = False


class Limit(Data):
    """What the answers must satisfy for this service, and where to turn to when they do not."""

    must: Condition
    at: Key
    """The question beside which the message stands."""
    message: Text
    instead: Slug | None = None


class Need(Data):
    """Another licence this one rests on: any one of `services` will do, and it must be there `before` a moment."""

    services: Annotated[tuple[Slug, ...], Field(min_length=1)]
    when: Condition | None = None
    before: Literal["filing", "decision", "opening"]
    """Before the application is sent, before the officer decides, or before the business opens."""
    why: Text
    law: Text | None = None
    without: tuple[Ground, ...] = ()
    """Legal grounds on which the officer may decide though it is not there."""
    confirm: bool = False


class Retention(Data):
    """How long one kind of data is kept after the case is closed, and on what basis."""

    years: Annotated[int, Field(ge=1, le=100)]
    basis: Text
    confirm: bool = False


class Privacy(Data):
    """What the privacy notice (PDPA s.23) says about this service."""

    purpose: Text
    basis: Text
    if_not_given: Text
    recipients: tuple[Text, ...] = ()


class LicenceFact(Data):
    """One row of the licence: label, its value as a text with {answer keys}, and the element name in the XML."""

    label: Text
    value: Words
    xml: Annotated[str, StringConstraints(pattern=r"^[A-Za-z_][A-Za-z0-9_.-]*$")]


class LicenceWording(Data):
    """The licence document as data. {Placeholders} are answer keys or the words the issuing room provides."""

    title: Text
    subtitle: Text | None = None
    statement: Annotated[tuple[Text, ...], Field(min_length=1)]
    facts: Annotated[tuple[LicenceFact, ...], Field(min_length=1)]
    conditions: tuple[Text, ...] = ()
    xml_root: Annotated[str, StringConstraints(pattern=r"^[A-Za-z_][A-Za-z0-9_.-]*$")]


ISSUING_WORDS = frozenset(
    {
        "number",
        "issued_on",
        "valid_from",
        "valid_until",
        "agency",
        "office",
        "holder",
        "signer",
        "fee",
        "receipt_number",
    }
)
"""Placeholders of a licence that are not answers: the issuing room gives them."""

RetentionKind = Literal["draft", "answers", "documents", "licence", "payment", "events"]
Retentions = Mapping[RetentionKind, Retention]
MinimumIal = Annotated[Decimal, Field(ge=1, le=3)]
