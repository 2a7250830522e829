"""What a registry said instead of a paper, as pages draw it."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from app.catalogue.schema import Text


@dataclass(frozen=True, kw_only=True)
class EvidenceView:
    """One record: who said it, when, about which record, in lines."""

    source: Text
    at: datetime | None
    reference: str
    issued_on: date | None
    rows: tuple[tuple[Text, Text], ...]
    law: Text | None = None


@dataclass(frozen=True, kw_only=True)
class LinkView:
    """How it stands with the registry that may replace a document; `state` "" while nobody asked it."""

    source: Text
    purpose: Text
    state: Literal["", "queued", "done", "nothing_found", "ended", "unreachable", "disputed"]
    says: EvidenceView | None = None
