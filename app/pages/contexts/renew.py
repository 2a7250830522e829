"""Contexts of the pages on which a licence is renewed."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from app.catalogue.schema import Text
from app.pages.contexts.citizen import NoticeSection, PrefillState
from app.pages.contexts.frame import FeeLine, Page
from app.pages.contexts.sending import CheckPage


@dataclass(frozen=True, kw_only=True)
class RenewPage(Page):
    """`citizen/renew.html`: what renewing comes to, before it is asked for.

    `refusal`: why it cannot be asked for now, in words. `under_way`: the address of what was asked for already.
    """

    licence_id: UUID
    slug: str
    name: Text
    issuer: Text
    number: str
    facts: tuple[tuple[Text | str, str], ...]
    valid_until: date | None
    until: date | None
    refusal: str
    opens_on: date | None
    late: bool
    late_until: date | None
    under_way: str
    under_way_number: str
    draft: UUID | None
    by_fee: bool
    law: Text | None
    meanwhile: Text | None
    fresh: tuple[Text, ...]
    fees: tuple[FeeLine, ...] | None
    total_satang: int
    declarations: tuple[Text, ...]
    sections: tuple[NoticeSection, ...]
    seen: str
    token: str


@dataclass(frozen=True, kw_only=True)
class Changed:
    """An answer that is no longer what it was on the licence; `source` when a registry says so."""

    label: Text
    before: str
    after: str
    source: Text | str


@dataclass(frozen=True, kw_only=True)
class RenewalPage(CheckPage):
    """`citizen/renewal.html`: everything about a renewal by form on one page. `fresh`: documents that must be new."""

    licence_id: UUID
    name: Text
    number: str
    valid_until: date | None
    until: date | None
    law: Text
    meanwhile: Text | None
    fresh: frozenset[str]
    changed: tuple[Changed, ...]
    prefill: PrefillState
    send_token: str
    """Of the button that sends; `token` is that of the documents."""
