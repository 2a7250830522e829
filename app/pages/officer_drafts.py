"""Services that are being written or rewritten, for officers only: as a citizen would see them, and what changes."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from app.catalogue import differences, proposals
from app.catalogue.proposals import Proposal
from app.catalogue.schema import Service
from app.core.errors import NotFound
from app.core.web import Now, as_file, render
from app.identity.sessions import OfficerSession
from app.pages import public_manual
from app.pages.citizen_form import house_of
from app.pages.contexts.drafts import DraftPage, DraftRow, DraftsPage, DraftTopic
from app.pages.contexts.frame import FieldView
from app.pages.who import CASEWORK, REPORTING, duty
from app.stories import drafting

router = APIRouter()
Reader = Annotated[OfficerSession, Depends(duty(*CASEWORK, *REPORTING))]
"""An officer with something to do at an agency: whoever works with a service reads it before citizens do."""


@router.get("/officer/drafts")
def drafts(request: Request, _: Reader) -> Response:
    """Every draft in the catalogue's folder `drafts`, and whether it could be published."""
    found = proposals.of_folder(house_of(request).settings.catalogue_dir)
    return render(request, "officer/drafts.html", DraftsPage(drafts=tuple(_row(request, one) for one in found)))


@router.get("/officer/drafts/{slug}")
def draft(request: Request, slug: str, _: Reader) -> Response:
    """What the draft changes, every mistake in it, and its form as it would be asked."""
    found = _proposal(request, slug)
    live, service = _live(request).get(slug), found.service
    page = DraftPage(
        slug=slug,
        service=service,
        live=live,
        changes=tuple(differences.between(live, service)) if live and service else (),
        mistakes=tuple(map(str, found.mistakes)),
        topics=_topics(service) if service else (),
    )
    return render(request, "officer/draft.html", page)


@router.get("/officer/drafts/{slug}/manual")
def manual(request: Request, slug: str, _: Reader) -> Response:
    """The citizen manual of the draft, drawn as every manual is."""
    found = _proposal(request, slug)
    if found.service is None:
        raise NotFound
    return render(request, "public/service.html", public_manual.page(found.catalogue, slug, (), may_start=False))


@router.get("/officer/drafts/{slug}/licence.pdf")
def licence(request: Request, slug: str, _: Reader, now: Now) -> Response:
    """The document that the draft ends in, with the examples of its questions, marked as a draft."""
    found = _proposal(request, slug)
    if found.service is None or found.service.licence is None or found.mistakes:
        raise NotFound
    pdf = drafting.specimen(house_of(request), found.catalogue, found.service, now)
    return as_file(pdf, f"draft-{slug}.pdf", "application/pdf")


def _row(request: Request, found: Proposal) -> DraftRow:
    name = found.service.name if found.service else None
    return DraftRow(found.slug, name, len(found.mistakes), found.slug in _live(request))


def _live(request: Request) -> dict[str, Service]:
    return dict(house_of(request).catalogue.services)


def _proposal(request: Request, slug: str) -> Proposal:
    folder = house_of(request).settings.catalogue_dir
    if slug not in {path.stem for path in (folder / "drafts").glob("*.yaml")}:
        raise NotFound
    return proposals.one(folder, slug)


def _topics(service: Service) -> tuple[DraftTopic, ...]:
    return tuple(
        DraftTopic(
            topic.title,
            topic.lead,
            tuple(FieldView(question=q, at=q.fields[0]) for q in topic.questions if q.given is None),
        )
        for topic in service.topics
    )
