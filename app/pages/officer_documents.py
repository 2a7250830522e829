"""The documents of a case, as pictures; the look is recorded."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from app.applications import cases, uploads
from app.applications.form_models import Upload, UploadState
from app.applications.models import Application
from app.catalogue.conditions import holds
from app.catalogue.schema import Text
from app.core.errors import NotFound
from app.core.thai import file_size
from app.core.web import Db, Now, as_file, render
from app.identity.sessions import OfficerSession
from app.pages.citizen_form import house_of
from app.pages.citizen_links import evidence_view
from app.pages.contexts.frame import FileView
from app.pages.contexts.officer import (
    CaseDocument,
    DocumentsPage,
)
from app.pages.document_views import claimed
from app.pages.officer_room import CASE, Worker, bar, moment_of
from app.stories import desk, linking, look, signatures, sources, unasked
from app.stories.desk import Case
from app.stories.house import House

router = APIRouter()


def document_file(application_id: UUID, stored: dict[str, object], upload: Upload | None) -> FileView:
    """A file of a case as an officer recognises it."""
    base = f"/officer/applications/{application_id}/files/{stored['key']}"
    pictures = len(upload.previews) if upload else 0
    return FileView(
        name=str(stored["filename"]),
        size=file_size(int(str(stored["size"]))),
        href=base,
        pages=int(str(stored["pages"])),
        previews=tuple(f"{base}/pages/{n}" for n in range(1, pictures + 1)),
    )


def issued_of(stored: Mapping[str, Any]) -> date | None:
    """The day of issue that came with a file."""
    return date.fromisoformat(stored["issued_on"]) if stored.get("issued_on") else None


def case_documents(house: House, db: Db, found: Case) -> tuple[CaseDocument, ...]:
    """Every document of the case: the person's files, and what a registry gave instead."""
    said = {key: answer["value"] for key, answer in found.application.answers.items()}
    stored = {document["key"]: document for document in found.application.documents}
    linked = {one["key"]: linking.from_json(one) for one in found.application.linked}
    listed = []
    for use in found.service.documents:
        document = stored.get(use.key)
        if document is not None:
            upload = uploads.one(db, UUID(document["upload"]))
            listed.append(
                CaseDocument(
                    key=use.key,
                    document=use.document,
                    file=document_file(found.application.id, document, upload),
                    uploaded_at=moment_of(document["at"]),
                    claimed=claimed(use.document, document.get("variant", ""), issued_of(document)),
                    mended=bool(document.get("mended")),
                    reused_from=document.get("reused_from", ""),
                    signed=tuple(
                        (role, name, ial, moment_of(at)) for role, name, ial, at in signatures.in_words(document)
                    ),
                    paper=document.get("paper", {}).get("code", ""),
                )
            )
        elif use.key in linked or (use.document.waived_by is not None and holds(use.when, said)):
            kept = linked.get(use.key)
            listed.append(
                CaseDocument(
                    key=use.key,
                    document=use.document,
                    file=None,
                    source=kept.source if kept else sources.name(house.catalogue, use.document.waived_by),
                    evidence=evidence_view(kept) if kept else None,
                )
            )
    return tuple(listed)


@router.get(f"{CASE}/documents")
@router.get(f"{CASE}/documents/{{key}}")
def documents(
    request: Request,
    application_id: UUID,
    db: Db,
    officer: Worker,
    now: Now,
    key: str = "",
    page: Annotated[int, Query(ge=1, le=500)] = 1,
) -> Response:
    """The list, and one document opened as a picture; the look is recorded."""
    house = house_of(request)
    found = desk.case(db, house, officer, application_id, now)
    listed = case_documents(house, db, found)
    opened = next((d for d in listed if d.key == key), None)
    if key and opened is None:
        raise NotFound
    if opened is not None:
        look.recorded(db, house, officer, found.application, {opened.key: opened.document.name}, look.DOCUMENT, now)
    context = DocumentsPage(bar=bar(request, db, officer, found), documents=listed, opened=opened, number=page)
    return render(request, "officer/documents.html", context)


def _stored(db: Db, officer: OfficerSession, application_id: UUID, key: str) -> Upload:
    application = cases.at_desk(db, desk.reach(officer), application_id)
    document = next((d for d in (*application.documents, *_beside(application)) if d["key"] == key), None)
    if document is None:
        raise NotFound
    upload = uploads.one(db, UUID(document["upload"]))
    if upload.state is not UploadState.CLEAN:
        raise NotFound
    return upload


def _beside(application: Application) -> list[dict[str, Any]]:
    """The file that came with what the form did not ask."""
    said = application.unasked
    return [said["document"]] if said and said["document"] else []


def _document_name(found: Case, key: str) -> Text:
    if key == unasked.FILE.key:
        return unasked.NAME
    return next(use.document.name for use in found.service.documents if use.key == key)


@router.get(f"{CASE}/files/{{key}}")
def original(request: Request, application_id: UUID, key: str, db: Db, officer: Worker, now: Now) -> Response:
    """The file itself, as a download; the look is recorded."""
    house = house_of(request)
    upload = _stored(db, officer, application_id, key)
    found = desk.case(db, house, officer, application_id, now)
    look.recorded(db, house, officer, found.application, {key: _document_name(found, key)}, look.DOCUMENT, now)
    return as_file(house.files.read(upload.digest), upload.filename, upload.media_type)


@router.get(f"{CASE}/files/{{key}}/pages/{{number}}")
def picture(
    request: Request, application_id: UUID, key: str, number: int, db: Db, officer: Worker, now: Now
) -> Response:
    """A picture of one page. The page around it recorded the look; asked for on its own, it is recorded here."""
    house = house_of(request)
    upload = _stored(db, officer, application_id, key)
    if not 1 <= number <= len(upload.previews):
        raise NotFound
    found = desk.case(db, house, officer, application_id, now)
    look.at_picture(db, house, officer, found.application, key, _document_name(found, key), now)
    data = house.files.read(upload.previews[number - 1])
    return as_file(data, f"page-{number}.png", "image/png", inline=True)
