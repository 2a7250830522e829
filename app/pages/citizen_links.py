"""What registries gave instead of papers, as people read it; asked (again) or refused by the person with one button."""

from datetime import date
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.applications.links import Link
from app.catalogue.merging import AskedDocument
from app.core.errors import NotFound
from app.core.web import Db, Now, see
from app.pages.citizen_form import house_of
from app.pages.contexts.linked import EvidenceView, LinkView
from app.pages.who import Citizen
from app.stories import apply, linking
from app.stories.apply import Draft
from app.stories.linking import Evidence

router = APIRouter()


def evidence_view(kept: Evidence) -> EvidenceView:
    """A record as citizen and officer read it."""
    return EvidenceView(
        source=kept.source,
        at=kept.at,
        reference=kept.reference,
        issued_on=date.fromisoformat(kept.issued_on) if kept.issued_on else None,
        rows=kept.rows,
        law=kept.law,
    )


def link_view(current: Draft, asked: AskedDocument) -> LinkView | None:
    """How it stands with the registry that may replace a document; None when there is none, or nothing to ask with."""
    registry = current.registries.get(asked.document.waived_by or "")
    if registry is None or not registry.linked:
        return None
    identity, record = registry.identity(current.values), current.records.get(registry.key)
    if identity is None:
        return None
    fresh = record if record is not None and record.asked == identity else None
    shown = evidence_view(linking.evidence(registry, fresh)) if fresh and fresh.reference else None
    return LinkView(
        source=registry.name, purpose=registry.purpose, state=fresh.state.value if fresh else "", says=shown
    )


def asking(current: Draft) -> bool:
    """Whether a registry is being asked for this form right now."""
    return any(record.state is Link.QUEUED for record in current.records.values())


def _registry(current: Draft, key: str) -> str:
    document = next((asked.document for asked in current.shape.documents if asked.key == key), None)
    if document is None or not document.waived_by:
        raise NotFound
    return document.waived_by


@router.post("/forms/{form_id}/documents/{key}/fetch")
def fetch(request: Request, form_id: UUID, key: str, db: Db, citizen: Citizen, now: Now) -> Response:
    """Ask the registry instead of uploading; a job does, the page says so."""
    house = house_of(request)
    current = apply.draft(db, house, citizen, form_id)
    linking.again(db, house, citizen, form_id, _registry(current, key), current.values, now)
    return see(f"/forms/{form_id}/documents#{key}")


@router.post("/forms/{form_id}/documents/{key}/dispute")
def dispute(request: Request, form_id: UUID, key: str, db: Db, citizen: Citizen, now: Now) -> Response:
    """The record is wrong: the paper takes its place."""
    current = apply.draft(db, house_of(request), citizen, form_id)
    linking.dispute(db, citizen, form_id, _registry(current, key), now)
    return see(f"/forms/{form_id}/documents#{key}")
