"""The officer's queue and the case file: least time left first, every answer with its source, every look recorded."""

import math
from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any, get_args
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response

from app.applications import cases, checking, uploads
from app.applications.checking import Item
from app.applications.deadlines import ClockEntry, working_days_after
from app.applications.models import Upload, UploadState
from app.billing.fees import Quote
from app.catalogue.schema import Text
from app.core import events, i18n
from app.core.clock import bangkok_date
from app.core.errors import Conflict, NotFound
from app.core.events import Event
from app.core.i18n import gettext as _
from app.core.thai import clean_lines, file_size
from app.core.web import Db, Fields, Now, as_file, form_token, one, render, see, token_holds
from app.identity.models import Duty
from app.identity.sessions import OfficerSession
from app.pages import happenings
from app.pages.citizen_form import house_of
from app.pages.contexts.frame import FeeLine, FileView, Happening, Problem
from app.pages.contexts.officer import (
    CaseBar,
    CaseDocument,
    CasePage,
    CaseRow,
    CaseSection,
    CaseTab,
    DocumentsPage,
    QueuePage,
    QueueRow,
    QueueTab,
)
from app.pages.who import duty
from app.stories import apply, look, review
from app.stories.house import House
from app.stories.review import Case

router = APIRouter()

Worker = Annotated[OfficerSession, Depends(duty(Duty.RECEIVE, Duty.CHECK, Duty.APPROVE))]
"""An officer who works on cases (not only at the cash desk or in administration)."""
Checker = Annotated[OfficerSession, Depends(duty(Duty.CHECK))]
"""An officer who checks whether a case is complete."""
Decider = Annotated[OfficerSession, Depends(duty(Duty.CHECK, Duty.APPROVE))]
"""An officer who signs acts: of completeness or of the decision, which the workflow's table tells apart."""

SOON_WORKING_DAYS = 3
TABS: tuple[QueueTab, ...] = get_args(QueueTab)


@router.get("/officer")
def queue(
    request: Request,
    db: Db,
    officer: Worker,
    now: Now,
    tab: str = "new",
    q: str = "",
    service: str = "",
    page: Annotated[int, Query(ge=1, le=10_000)] = 1,
) -> Response:
    """What waits, least time left first."""
    house = house_of(request)
    chosen: QueueTab = tab if tab in TABS else "new"
    reach, today = review.reach(officer), bangkok_date(now)
    soon = working_days_after(today, SOON_WORKING_DAYS)
    counts = cases.tab_counts(db, reach, today, soon)
    rows, total = cases.queue(
        db, reach, chosen, today, soon, text=q.strip()[:80], service=service, page=page, held=counts[chosen]
    )
    clocks = cases.clock_entries_of(db, [row.id for row in rows])
    context = QueuePage(
        office=_office(house, officer),
        today=today,
        tabs=tuple((name, counts[name]) for name in TABS),
        tab=chosen,
        q=q[:80],
        service=service,
        services=tuple((slug, s.short_name) for slug, s in house.catalogue.services.items()),
        rows=tuple(_row(db, house, officer, row, clocks[row.id], now) for row in rows),
        number=page,
        pages=max(1, math.ceil(total / cases.PER_PAGE)),
        total=total,
        token=form_token(house.settings.cookie_secret, officer.session_id, "officer"),
    )
    return render(request, "officer/queue.html", context)


def _office(house: House, officer: OfficerSession) -> Text:
    agency = house.agency(officer.agency_code)
    office = agency.office(officer.office_code) if officer.office_code else None
    if office is None:
        return agency.name
    return Text.model_construct(th=f"{office.name.th} {agency.name.th}", en=f"{office.name.en}, {agency.name.en}")


def _row(
    db: Db, house: House, officer: OfficerSession, row: cases.QueueRow, moves: list[ClockEntry], now: Now
) -> QueueRow:
    service = house.service(db, row.service_slug, row.service_version)
    clock = review.clock_from(moves, service, now) if moves else None
    return QueueRow(
        id=row.id,
        number=row.number,
        service=service.short_name,
        applicant=row.applicant_name,
        premises=row.premises_name,
        state=row.state,
        clock=clock,
        check_by=row.check_by,
        owner=row.taken_name or "",
        mine=row.taken_by == officer.officer_id,
        revision=row.revision,
    )


def from_our_page(request: Request, officer: OfficerSession, fields: Fields) -> bool:
    """Whether the form was drawn for this session. Pages with typed words are drawn again when it was not."""
    secret = house_of(request).settings.cookie_secret
    return token_holds(secret, officer.session_id, "officer", one(fields, "token"))


def drawn_again() -> Problem:
    """What a page says that was sent from before this session and is shown again with everything typed."""
    return Problem("main", _("เปิดหน้านี้นานเกินไปหรือเข้าสู่ระบบใหม่ ตรวจอีกครั้งแล้วกดปุ่มเดิม สิ่งที่พิมพ์ยังอยู่ครบ"))


def _bound(request: Request, officer: OfficerSession, fields: Fields) -> None:
    if not from_our_page(request, officer, fields):
        raise Conflict("เปิดหน้านี้นานเกินไปหรือเข้าสู่ระบบใหม่ เปิดหน้าอีกครั้งแล้วทำรายการใหม่")


def token(request: Request, officer: OfficerSession) -> str:
    """The form token of this session's officer pages."""
    return form_token(house_of(request).settings.cookie_secret, officer.session_id, "officer")


@router.post("/officer/applications/{application_id}/take")
def take(request: Request, application_id: UUID, fields: Fields, db: Db, officer: Worker, now: Now) -> Response:
    """Take a waiting case; exactly one officer gets it."""
    _bound(request, officer, fields)
    review.take(db, officer, application_id, now)
    return see(f"/officer/applications/{application_id}")


@router.post("/officer/applications/{application_id}/release")
def release(request: Request, application_id: UUID, fields: Fields, db: Db, officer: Worker, now: Now) -> Response:
    """Put my case back for a colleague."""
    _bound(request, officer, fields)
    review.release(db, officer, application_id, now)
    return see("/officer")


# — The case file ———————————————————————————————————————————————————————————————————————————————————————————————————


def to_check(found: Case) -> set[Item]:
    """What an officer has to look at: everything that no registry confirmed."""
    answers = found.application.answers
    return {("document", document["key"]) for document in found.application.documents} | {
        ("answer", key) for key, answer in answers.items() if not answer.get("source")
    }


def bar(db: Db, house: House, officer: OfficerSession, case: Case) -> CaseBar:
    """The head of every page of a case."""
    found = checking.marks(db, case.application.id)
    owner = review.owner_name(db, case.application)
    items = to_check(case)
    return CaseBar(
        id=case.application.id,
        number=case.application.number,
        service=case.service.short_name,
        applicant=case.application.applicant_name,
        received_at=case.application.submitted_at,
        state=case.application.state,
        clock=case.clock if case.clock.running != "not_started" else None,
        check_by=case.application.check_by,
        today=bangkok_date(house.clock.now()),
        owner=owner,
        mine=case.application.taken_by == officer.officer_id,
        documents=len(case.application.documents),
        checked=len(items & found.keys()),
        to_check=len(items),
        may=frozenset(case.actions),
        tabs=_tabs(officer),
        revision=case.application.revision,
    )


def _tabs(officer: OfficerSession) -> frozenset[CaseTab]:
    """The pages of a case that lie within this officer's duties."""
    tabs: dict[CaseTab, frozenset[Duty]] = {
        "case": officer.duties,
        "documents": officer.duties,
        "check": frozenset({Duty.CHECK}),
        "decide": frozenset({Duty.CHECK, Duty.APPROVE}),
    }
    return frozenset(tab for tab, duties in tabs.items() if officer.duties & duties)


@router.get("/officer/applications/{application_id}")
def case(request: Request, application_id: UUID, db: Db, officer: Worker, now: Now) -> Response:
    """The whole case as this agency may see it; the look is recorded."""
    return render(request, "officer/case.html", _case_page(request, db, officer, application_id, now))


def _case_page(
    request: Request,
    db: Db,
    officer: OfficerSession,
    application_id: UUID,
    now: Now,
    problems: tuple[Problem, ...] = (),
    note: str = "",
) -> CasePage:
    house = house_of(request)
    found = review.case(db, house, officer, application_id, now)
    look.recorded(
        db, house, officer, found.application, look.personal(found.service, found.application), look.CASE, now
    )
    quote = Quote.from_json(found.application.quote)
    agency = house.agency(officer.agency_code).name.to(i18n.lang())
    past = events.history(db, f"application:{application_id}")
    return CasePage(
        problems=problems,
        bar=bar(db, house, officer, found),
        sections=tuple(_sections(found, past)),
        fees=tuple(FeeLine(line.label, line.law, line.satang) for line in quote.lines),
        total_satang=quote.total,
        thread=happenings.told(past, officer.officer_id, agency, names=True),
        notes=tuple(Happening(n.at, n.text, n.officer_name) for n in checking.notes(db, application_id)),
        moves=tuple((m.at, m.reason) for m in cases.clock_entries(db, application_id)),
        note=note,
        token=token(request, officer),
    )


def before_mending(past: Sequence[Event]) -> dict[str, Any]:
    """The answers that were replaced after a deficiency notice, by question."""
    changes = [change for event in past if event.kind == "application.mend" for change in event.facts["changes"]]
    return {change["key"]: change["before"] for change in changes}


def _sections(found: Case, past: Sequence[Event]) -> list[CaseSection]:
    lang = i18n.lang()
    replaced = before_mending(past)
    sections = []
    for topic in found.service.topics:
        rows = []
        for question in topic.questions:
            answer = found.application.answers.get(question.key)
            if answer is None:
                continue
            differs = answer.get("fetched")
            rows.append(
                CaseRow(
                    label=question.name,
                    text=question.show(answer["value"], lang),
                    source=apply.DOPA_NAME if answer.get("source") else "",
                    at=_moment(answer.get("source_at")),
                    differs=question.show(differs, lang) if differs is not None else "",
                    mended=bool(answer.get("mended")),
                    before=question.show(replaced.get(question.key), lang) if answer.get("mended") else "",
                )
            )
        if rows:
            sections.append(CaseSection(title=topic.title, rows=tuple(rows)))
    return sections


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


@router.post("/officer/applications/{application_id}/notes")
def add_note(request: Request, application_id: UUID, fields: Fields, db: Db, officer: Worker, now: Now) -> Response:
    """Tell colleagues something the applicant does not see."""
    application = cases.at_desk(db, review.reach(officer), application_id)
    text = clean_lines(one(fields, "note"))[:2000]
    if not from_our_page(request, officer, fields):
        page = _case_page(request, db, officer, application_id, now, (drawn_again(),), text)
        return render(request, "officer/case.html", page, status=422)
    if text:
        checking.note(db, application.id, officer.officer_id, officer.name, text, now)
    return see(f"/officer/applications/{application_id}")


# — Documents, as pictures ——————————————————————————————————————————————————————————————————————————————————————————


def _file(application_id: UUID, stored: dict[str, object], upload: Upload | None) -> FileView:
    base = f"/officer/applications/{application_id}/files/{stored['key']}"
    pictures = len(upload.previews) if upload else 0
    return FileView(
        name=str(stored["filename"]),
        size=file_size(int(str(stored["size"]))),
        href=base,
        pages=int(str(stored["pages"])),
        previews=tuple(f"{base}/pages/{n}" for n in range(1, pictures + 1)),
    )


def case_documents(db: Db, found: Case) -> tuple[CaseDocument, ...]:
    """Every document of the case: the person's files, and what a registry gave instead."""
    stored = {document["key"]: document for document in found.application.documents}
    listed = []
    for use in found.service.documents:
        document = stored.get(use.key)
        if document is not None:
            upload = uploads.one(db, UUID(document["upload"]))
            listed.append(
                CaseDocument(
                    key=use.key,
                    document=use.document,
                    file=_file(found.application.id, document, upload),
                    uploaded_at=_moment(document["at"]),
                    mended=bool(document.get("mended")),
                )
            )
        elif use.document.waived_by is not None:
            listed.append(CaseDocument(key=use.key, document=use.document, file=None, source=apply.DOPA_NAME))
    return tuple(listed)


@router.get("/officer/applications/{application_id}/documents")
@router.get("/officer/applications/{application_id}/documents/{key}")
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
    found = review.case(db, house, officer, application_id, now)
    listed = case_documents(db, found)
    opened = next((d for d in listed if d.key == key), None)
    if key and opened is None:
        raise NotFound
    if opened is not None:
        look.recorded(db, house, officer, found.application, {opened.key: opened.document.name}, look.DOCUMENT, now)
    context = DocumentsPage(bar=bar(db, house, officer, found), documents=listed, opened=opened, number=page)
    return render(request, "officer/documents.html", context)


def _stored(db: Db, officer: OfficerSession, application_id: UUID, key: str) -> Upload:
    application = cases.at_desk(db, review.reach(officer), application_id)
    document = next((d for d in application.documents if d["key"] == key), None)
    if document is None:
        raise NotFound
    upload = uploads.one(db, UUID(document["upload"]))
    if upload.state is not UploadState.CLEAN:
        raise NotFound
    return upload


def _document_name(found: Case, key: str) -> Text:
    return next(use.document.name for use in found.service.documents if use.key == key)


@router.get("/officer/applications/{application_id}/files/{key}")
def original(request: Request, application_id: UUID, key: str, db: Db, officer: Worker, now: Now) -> Response:
    """The file itself, as a download; the look is recorded."""
    house = house_of(request)
    upload = _stored(db, officer, application_id, key)
    found = review.case(db, house, officer, application_id, now)
    look.recorded(db, house, officer, found.application, {key: _document_name(found, key)}, look.DOCUMENT, now)
    return as_file(house.files.read(upload.digest), upload.filename, upload.media_type)


@router.get("/officer/applications/{application_id}/files/{key}/pages/{number}")
def picture(
    request: Request, application_id: UUID, key: str, number: int, db: Db, officer: Worker, now: Now
) -> Response:
    """A picture of one page. The page around it recorded the look; asked for on its own, it is recorded here."""
    house = house_of(request)
    upload = _stored(db, officer, application_id, key)
    if not 1 <= number <= len(upload.previews):
        raise NotFound
    found = review.case(db, house, officer, application_id, now)
    look.at_picture(db, house, officer, found.application, key, _document_name(found, key), now)
    data = house.files.read(upload.previews[number - 1])
    return as_file(data, f"page-{number}.png", "image/png", inline=True)
