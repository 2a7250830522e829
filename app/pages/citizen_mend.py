"""Mending what an officer asked for: everything that is missing, once, and the place to mend it."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.applications import case_letters
from app.applications.case_letters import CaseLetter
from app.applications.form_models import UploadState
from app.applications.inspection import Problem as FileProblem
from app.applications.models import DeficiencyItem
from app.applications.workflow import State
from app.catalogue.schema import Text
from app.core.db import attempt
from app.core.errors import Invalid
from app.core.i18n import gettext as _
from app.core.i18n import lang
from app.core.web import Db, Fields, Now, as_file, form_token, one, render, see, texts, token_holds
from app.pages.arrivals import arrival
from app.pages.case_lines import letter_link
from app.pages.choices import was_asked
from app.pages.citizen_form import house_of
from app.pages.citizen_mend_answers import kept
from app.pages.contexts.case import DeficiencyItemView, DeficiencyPage
from app.pages.contexts.documents import DocumentView
from app.pages.contexts.frame import FieldView, LetterLink, Problem
from app.pages.document_views import claimed, file_view, same_in_both, told
from app.pages.questions import problems_of, row_address, with_rows
from app.pages.who import Citizen
from app.pdf import issued
from app.stories import attach, case_letter, mend
from app.stories.attach import Arrival
from app.stories.house import House
from app.stories.mend import Mending

router = APIRouter()


def _document(mending: Mending, item: DeficiencyItem, problem: Text | None) -> DocumentView:
    upload = mending.files.get(item.id)
    if problem is None and upload is not None and upload.state is UploadState.REFUSED and upload.problem:
        problem = told(FileProblem(upload.problem["message"], upload.problem["values"]))
    base = f"/applications/{mending.application.id}/deficiency/files"
    return DocumentView(
        document=mending.document(item).document,
        state="missing" if upload is None else "refused" if problem is not None else upload.state.value,
        needed_by=(mending.service.short_name,),
        file=file_view(upload, base) if upload else None,
        problem=problem,
        claimed=claimed(mending.document(item).document, upload.variant, upload.issued_on) if upload else (),
    )


def _field(mending: Mending, item: DeficiencyItem) -> FieldView:
    question, raw = mending.question(item), mend.boxes(mending, item)
    wrong = Text.model_validate(item.problem) if item.problem else None
    view = FieldView(question=question, raw=raw, problem=wrong, at=question.fields[0])
    return with_rows(view, None)


def _page(
    db: Db, house: House, mending: Mending, citizen: Citizen, wrong: dict[str, Text], *extra: Problem
) -> DeficiencyPage:
    agency = house.agency(mending.application.agency_code)
    items = []
    for item in mending.items:
        label = mending.question(item).name if item.kind == "answer" else mending.document(item).document.name
        items.append(
            DeficiencyItemView(
                id=item.id,
                label=label,
                reason=_word(mending.reason(item)),
                instruction=item.instruction,
                field=_field(mending, item) if item.kind == "answer" else None,
                document=_document(mending, item, wrong.get(item.key)) if item.kind == "document" else None,
                done=mending.done(item),
            )
        )
    fields = tuple(problem for i in items if i.field for problem in problems_of(i.field))
    files = tuple(Problem(key, words) for key, words in wrong.items())
    notice, letter = mending.notice, case_letters.deficiency(db, mending.application.id)
    return DeficiencyPage(
        problems=(*extra, *fields, *files),
        application_id=mending.application.id,
        form_id=mending.application.single_form_id,
        number=mending.application.number,
        service=mending.service.short_name,
        agency=agency.name,
        phone=agency.phone,
        officer=f"{notice.officer_name} {notice.officer_position}",
        issued_at=notice.issued_at,
        mend_by=notice.mend_by,
        message=notice.message,
        items=tuple(items),
        letter=_letter(db, letter),
        countersigned=_countersigned(letter),
        token=form_token(house.settings.cookie_secret, citizen.session_id, f"mend:{mending.application.revision}"),
    )


def _letter(db: Db, letter: CaseLetter | None) -> LetterLink | None:
    if letter is None:
        return None
    return letter_link(letter, issued.sizes(db, [letter.handed_out] if letter.handed_out else []))


def _countersigned(letter: CaseLetter | None) -> tuple[str, datetime] | None:
    if letter is None or letter.countersigned_at is None or letter.countersigned_by is None:
        return None
    return str(letter.countersigned_by["name"]), letter.countersigned_at


@router.get("/applications/{application_id}/deficiency")
def deficiency(request: Request, application_id: UUID, db: Db, citizen: Citizen) -> Response:
    """Everything that is missing, once, with the place to mend it."""
    house = house_of(request)
    mending = mend.open_notice(db, house, citizen, application_id)
    if mending.application.state is not State.RETURNED:
        return see(f"/forms/{mending.application.single_form_id}/track")
    return render(request, "citizen/deficiency.html", _page(db, house, mending, citizen, {}))


@router.post("/applications/{application_id}/deficiency")
def send_back(request: Request, application_id: UUID, fields: Fields, db: Db, citizen: Citizen, now: Now) -> Response:
    """Keep the answers; send everything back when it is complete and the person wants it."""
    mending = mend.open_notice(db, house_of(request), citizen, application_id, lock=True)
    mend.being_mended(mending)
    if (both := kept(request, db, citizen, mending, texts(fields), now)) is not None:
        return both
    here, then = f"/applications/{application_id}/deficiency", one(fields, "then")
    if was_asked(texts(fields)):
        return see(here)
    if then and then != "sign":
        onward = "/ask" if then == "question" else row_address(then)
        return see(f"{here}{onward}" if onward else f"/forms/{mending.application.single_form_id}/track")
    return _signed_or_sent(request, db, mending, citizen, fields, now)


def _signed_or_sent(request: Request, db: Db, mending: Mending, citizen: Citizen, fields: Fields, now: Now) -> Response:
    """What binds: only from a page that was drawn for this very state of the case."""
    house, application_id = house_of(request), mending.application.id
    drawn_for = f"mend:{mending.application.revision}"
    if not token_holds(house.settings.cookie_secret, citizen.session_id, drawn_for, one(fields, "token")):
        again = mend.open_notice(db, house, citizen, application_id)
        stale = Problem("main", _("เปิดหน้านี้นานเกินไปหรือเข้าสู่ระบบใหม่ ตรวจอีกครั้งแล้วกดส่ง สิ่งที่แก้แล้วยังอยู่ครบ"))
        page = _page(db, house, again, citizen, {}, stale)
        return render(request, "citizen/deficiency.html", page, status=422)
    if one(fields, "then") == "sign":
        case_letter.countersign(db, citizen, application_id, now)
        return see(f"/applications/{application_id}/deficiency#signed")
    try:
        with attempt(db):
            mend.send(db, house, citizen, application_id, mending.application.revision, now)
    except Invalid:
        again = mend.open_notice(db, house, citizen, application_id)
        page = _page(db, house, again, citizen, _absent(again), *_being_checked(again))
        return render(request, "citizen/deficiency.html", page, status=422)
    return see(f"/forms/{mending.application.single_form_id}/track")


def _absent(mending: Mending) -> dict[str, Text]:
    """Documents of the notice without a usable file, and what to do about each."""
    found = {}
    for item in mending.open_items:
        upload = mending.files.get(item.id)
        if item.kind == "document" and upload is None:
            name = mending.document(item).document.name.to(lang())
            found[item.key] = same_in_both(_("เพิ่มไฟล์%(what)s") % {"what": name})
        elif upload is not None and upload.state is UploadState.REFUSED and upload.problem:
            found[item.key] = told(FileProblem(upload.problem["message"], upload.problem["values"]))
    return found


def _being_checked(mending: Mending) -> list[Problem]:
    """Documents of the notice whose new file is still being looked through."""
    return [
        Problem(
            f"document-{item.key}",
            _("รอให้ตรวจไฟล์%(what)sเสร็จก่อน แล้วกดส่งอีกครั้ง") % {"what": mending.document(item).document.name.to(lang())},
        )
        for item in mending.open_items
        if (upload := mending.files.get(item.id)) is not None and upload.state is UploadState.CHECKING
    ]


def _word(text: Text | str) -> str:
    return text if isinstance(text, str) else text.to(lang())


@router.post("/applications/{application_id}/deficiency/documents/{key}")
def mend_document(
    request: Request, application_id: UUID, key: str, fields: Fields, db: Db, citizen: Citizen, now: Now
) -> Response:
    """A new file for one item of the notice."""
    house = house_of(request)
    mending = mend.open_notice(db, house, citizen, application_id)
    item = mend.document_item(mending, key)
    given: Arrival = arrival(fields, key)
    problem = attach.to_item(db, house, citizen, application_id, item.id, given, now)
    if problem is None:
        return see(f"/applications/{application_id}/deficiency#{key}")
    again = mend.open_notice(db, house, citizen, application_id)
    page = _as_typed(_page(db, house, again, citizen, {key: told(problem)}), key, given.said)
    return render(request, "citizen/deficiency.html", page, status=422)


def _as_typed(page: DeficiencyPage, key: str, said: Mapping[str, str]) -> DeficiencyPage:
    """The page with what was said beside a file that was not taken."""
    items = (
        replace(item, document=replace(item.document, typed=said))
        if item.document is not None and item.document.document.key == key
        else item
        for item in page.items
    )
    return replace(page, items=tuple(items))


@router.post("/applications/{application_id}/deficiency/documents/{key}/remove")
def remove_mended(request: Request, application_id: UUID, key: str, db: Db, citizen: Citizen, now: Now) -> Response:
    """Take the new file out again."""
    house = house_of(request)
    mending = mend.open_notice(db, house, citizen, application_id, lock=True)
    mend.remove_file(mending, mend.document_item(mending, key), now)
    return see(f"/applications/{application_id}/deficiency#{key}")


@router.get("/applications/{application_id}/deficiency/files/{upload_id}")
def mended_file(request: Request, application_id: UUID, upload_id: UUID, db: Db, citizen: Citizen) -> Response:
    """My own new file, as stored."""
    house = house_of(request)
    found = mend.file_of(mend.open_notice(db, house, citizen, application_id), upload_id)
    return as_file(house.files.read(found.digest), found.filename, found.media_type)


@router.get("/applications/{application_id}/deficiency/files/{upload_id}/pages/{number}")
def mended_picture(
    request: Request, application_id: UUID, upload_id: UUID, number: int, db: Db, citizen: Citizen
) -> Response:
    """A picture of one page of my new file."""
    house = house_of(request)
    found = mend.file_of(mend.open_notice(db, house, citizen, application_id), upload_id)
    data = house.files.read(mend.preview_of(found, number))
    return as_file(data, f"page-{number}.png", "image/png", inline=True)
