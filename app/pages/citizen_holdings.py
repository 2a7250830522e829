"""What I hold: my wallet of licences, each with what it says, how it stands, and what I can do with it."""

from datetime import date
from typing import Literal
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response

from app.catalogue.renewals import Window
from app.core.clock import bangkok_date
from app.core.i18n import gettext as _
from app.core.i18n import lang
from app.core.thai import date_long, file_size
from app.core.web import Db, Now, as_file, form_token, render
from app.licences import service as licences
from app.licences import shares
from app.licences.life import Action, Step
from app.licences.models import NOT_VALID, Licence
from app.pages import qr
from app.pages.citizen_form import house_of
from app.pages.contexts.holdings import (
    CanDo,
    LetterLine,
    LicencePage,
    LicenceRow,
    LicencesPage,
    PrintPage,
    ShowPage,
)
from app.pages.who import Citizen
from app.stories import act_bills, downloads, holder_acts, issue, renewal
from app.stories.holder_acts import Mine
from app.stories.house import House
from app.stories.renewal import REFUSED, Prospect

router = APIRouter()

WIDE = 28
"""Characters above which a fact of a licence takes the whole width."""

Renewal = Literal["", "now", "late", "draft", "under_way", "renewed"]


def _verify_url(house: House, found: Licence) -> str:
    return f"{house.settings.base_url}/verify/{licences.written(found.code)}"


def _renewal(prospect: Prospect) -> Renewal:
    if prospect.under_way is not None:
        return "renewed" if prospect.hindrance is renewal.Hindrance.RENEWED else "under_way"
    if not prospect.possible:
        return ""
    if prospect.draft is not None:
        return "draft"
    return "late" if prospect.window is Window.LATE else "now"


def _days_left(found: Licence, today: date) -> int | None:
    last = found.valid_until
    return (last - today).days if last and last >= today else None


@router.get("/licences")
def my_licences(request: Request, db: Db, citizen: Citizen, now: Now, place: str = "") -> Response:
    """My wallet: what ends soonest first, of every place or of one."""
    house, today = house_of(request), bangkok_date(now)
    held = [one for one in licences.of_applicant(db, citizen.applicant_id) if citizen.covers(one.service_slug)]
    prospects = renewal.prospects(db, house, held, now)
    rows = [
        LicenceRow(
            id=one.id,
            name=house.service(db, one.service_slug, one.service_version).result_name,
            premises=one.premises,
            issuer=house.agency(one.agency_code).name,
            number=one.number,
            state=licences.verdict(one, now).value,
            valid_until=one.valid_until,
            days_left=_days_left(one, today),
            renewal=_renewal(prospects[one.id]),
            renewal_href=_renewal_href(prospects[one.id]),
        )
        for one in held
        if not place or one.premises == place
    ]
    page = LicencesPage(
        licences=tuple(sorted(rows, key=lambda row: (not row.in_use, row.valid_until or date.max, row.number))),
        places=tuple(sorted({one.premises for one in held})),
        place=place,
    )
    return render(request, "citizen/licences.html", page)


def _renewal_href(prospect: Prospect) -> str:
    asked = prospect.under_way
    return f"/forms/{asked.form_id}/track" if asked else f"/licences/{prospect.licence.id}/renew"


@router.get("/licences/{licence_id}")
def licence(request: Request, licence_id: UUID, db: Db, citizen: Citizen, now: Now) -> Response:
    """One licence: what it says, whether it is valid now, the signed file, and what I can do with it."""
    house = house_of(request)
    mine = holder_acts.mine(db, house, citizen, licence_id, now)
    return render(request, "citizen/licence.html", _page(db, house, citizen, mine, now))


def _page(db: Db, house: House, citizen: Citizen, mine: Mine, now: Now) -> LicencePage:
    found, service = mine.licence, mine.service
    document = licences.document(db, found.id)
    before, after = licences.neighbours(db, found)
    words = issue.said(house, mine.application, service, found, lang(), mine.says)
    matter = mine.matter
    return LicencePage(
        id=found.id,
        form_id=mine.application.single_form_id,
        name=service.result_name,
        issuer=house.agency(found.agency_code).name,
        number=found.number,
        state=mine.standing.value,
        facts=tuple((row.label, row.value, len(row.value) > WIDE) for row in words.rows),
        valid_until=found.valid_until,
        days_left=_days_left(found, bangkok_date(now)),
        signed_at=document.signed_at,
        checked_at=now,
        file_size=file_size(document.size),
        pdf_href=f"/licences/{found.id}/licence.pdf",
        data_href=f"/licences/{found.id}/licence.json",
        verify_url=_verify_url(house, found),
        qr=qr.draw(_verify_url(house, found)),
        renewal=service.renewal,
        ground=found.status_ground if mine.standing.value in NOT_VALID else "",
        suspended_until=found.suspended_until,
        can=(_can_renew(renewal.prospects(db, house, [found], now)[found.id]), *_can(mine)),
        under_way=matter.action.value if matter else "",
        may_take_back=bool(matter and mine.may(matter.action, Step.DROP)),
        letters=tuple(
            LetterLine(number=one.number, at=one.issued_at, href=_letter(one.id, found)) for one in mine.letters
        ),
        to_pay=(owed.id, owed.amount_satang) if (owed := act_bills.to_pay(db, found.id)) else None,
        follows=before.number if before else "",
        followed_by=(after.id, after.number) if after else None,
        links=shares.open_links(db, found.id, now),
        revision=found.revision,
        token=form_token(house.settings.cookie_secret, citizen.session_id, "licence"),
    )


def _letter(letter_id: UUID, found: Licence) -> str:
    return f"/licences/{found.id}/letters/{letter_id}"


def _can_renew(prospect: Prospect) -> CanDo:
    words = {
        "now": _("ต่ออายุ"),
        "late": _("ต่ออายุ (เลยวันสุดท้ายแล้ว)"),
        "draft": _("ทำเรื่องต่ออายุต่อจากเดิม"),
        "under_way": _("ดูคำขอต่ออายุ"),
    }
    state = _renewal(prospect)
    if state in words:
        return CanDo(what=words[state], href=_renewal_href(prospect))
    why = _(REFUSED[prospect.hindrance]) if prospect.hindrance else ""
    if prospect.hindrance is renewal.Hindrance.EARLY and prospect.opens_on:
        why = _("ต่ออายุได้ตั้งแต่วันที่ %(day)s") % {"day": date_long(prospect.opens_on, lang())}
    return CanDo(what=_("ต่ออายุ"), why_not=why)


def _can(mine: Mine) -> tuple[CanDo, ...]:
    """Asking for a substitute or other data, and giving it back; with the reason when it cannot be."""
    base = f"/licences/{mine.licence.id}"
    busy = _("มีเรื่องของใบนี้รออยู่ ทำได้ทีละเรื่อง") if mine.matter else _("ใบนี้ใช้ไม่ได้อยู่ จึงทำไม่ได้")
    known = mine.law.orders if mine.law else {}
    unknown = _("กฎหมายของใบนี้ไม่มีเรื่องนี้ ติดต่อหน่วยงานผู้ออกใบ")
    asked = (
        (Action.SUBSTITUTE, Step.ASK, _("ขอใบแทน (สูญหายหรือชำรุด)"), "substitute"),
        (Action.AMEND, Step.ASK, _("ขอแก้ข้อมูลบนใบ"), "amend"),
        (Action.SURRENDER, Step.DO, _("คืนใบ เลิกกิจการ"), "surrender"),
    )
    return tuple(
        CanDo(what=what, href=f"{base}/{at}")
        if mine.may(action, step)
        else CanDo(what=what, why_not=busy if at == "surrender" or at in known else unknown)
        for action, step, what, at in asked
    )


# — To show, to print, to keep ————————————————————————————————————————————————————————————————————————————————————


@router.get("/licences/{licence_id}/show")
def show(request: Request, licence_id: UUID, db: Db, citizen: Citizen, now: Now) -> Response:
    """For an inspector: the code as large as the screen, and what the register says now."""
    house = house_of(request)
    mine = holder_acts.mine(db, house, citizen, licence_id, now)
    found = mine.licence
    page = ShowPage(
        id=found.id,
        name=mine.service.result_name,
        issuer=house.agency(found.agency_code).name,
        number=found.number,
        holder=found.holder,
        premises=found.premises,
        state=mine.standing.value,
        valid_until=found.valid_until,
        checked_at=now,
        verify_url=_verify_url(house, found),
        qr=qr.draw(_verify_url(house, found)),
    )
    return render(request, "citizen/show.html", page)


@router.get("/licences/{licence_id}/print")
def on_paper(request: Request, licence_id: UUID, db: Db, citizen: Citizen, now: Now) -> Response:
    """One sheet, and what a print-out is worth before the law."""
    house = house_of(request)
    whole = _page(db, house, citizen, holder_acts.mine(db, house, citizen, licence_id, now), now)
    page = PrintPage(
        id=whole.id,
        name=whole.name,
        issuer=whole.issuer,
        number=whole.number,
        state=whole.state,
        facts=whole.facts,
        signed_at=whole.signed_at,
        checked_at=now,
        verify_url=whole.verify_url,
        pdf_href=whole.pdf_href,
        qr=whole.qr,
    )
    return render(request, "citizen/print.html", page)


@router.get("/licences/{licence_id}/qr.png")
def qr_png(request: Request, licence_id: UUID, db: Db, citizen: Citizen) -> Response:
    """The code as a picture to keep on the telephone: it can be shown without any network."""
    found = licences.mine(db, citizen.applicant_id, licence_id)
    return as_file(qr.picture(_verify_url(house_of(request), found)), f"{_filename(found)}-qr.png", "image/png")


def _filename(found: Licence) -> str:
    return f"licence-{found.number.replace(' ', '-').replace('/', '-')}"


@router.get("/licences/{licence_id}/licence.pdf")
def licence_pdf(request: Request, licence_id: UUID, db: Db, citizen: Citizen) -> Response:
    """The signed original, byte for byte as it was issued."""
    found = licences.mine(db, citizen.applicant_id, licence_id)
    document = licences.document(db, found.id)
    return as_file(house_of(request).files.read(document.digest), f"{_filename(found)}.pdf", "application/pdf")


@router.get("/licences/{licence_id}/licence.xml")
def licence_xml(request: Request, licence_id: UUID, db: Db, citizen: Citizen) -> Response:
    """The data inside the signed original, as its schema describes it."""
    found = licences.mine(db, citizen.applicant_id, licence_id)
    data = downloads.data_inside(house_of(request), licences.document(db, found.id).digest)
    return as_file(data, f"{_filename(found)}.xml", "application/xml")


@router.get("/licences/{licence_id}/licence.json")
def licence_json(request: Request, licence_id: UUID, db: Db, citizen: Citizen, now: Now) -> Response:
    """The licence as data: what the XML inside the PDF says, and the live status."""
    house = house_of(request)
    mine = holder_acts.mine(db, house, citizen, licence_id, now)
    found, document = mine.licence, licences.document(db, licence_id)
    before, after = licences.neighbours(db, found)
    words = issue.said(house, mine.application, mine.service, found, "th", mine.says)
    body = {
        "number": found.number,
        "code": licences.written(found.code),
        "holder": found.holder,
        "service": found.service_slug,
        "version": found.service_version,
        "issuer": house.agency(found.agency_code).name.model_dump(),
        "valid_from": found.valid_from.isoformat(),
        "valid_until": found.valid_until.isoformat() if found.valid_until else None,
        "status": mine.standing.value,
        "renews": before.number if before else None,
        "renewed_by": after.number if after else None,
        "facts": {row.xml: row.value for row in words.rows},
        "sha256": document.digest,
        "signed_at": document.signed_at.isoformat(),
        "certificate": {"subject": document.signer, "serial": document.certificate_serial},
    }
    return JSONResponse(body)
