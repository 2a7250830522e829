"""My data: who looked at it, what I allowed, which notices I read."""

import csv
import io
from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from app.core import i18n
from app.core.errors import Conflict, NotFound
from app.core.i18n import gettext as _
from app.core.web import Db, Fields, Now, as_file, form_token, one, render, see, token_holds
from app.pages.citizen_form import house_of
from app.pages.contexts.citizen import AccessPage, ConsentsPage, ConsentView, NoticeRead
from app.pages.who import Citizen
from app.privacy import access, acknowledgements, consents, texts
from app.privacy.models import Purpose

router = APIRouter()

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""How a cell begins that a spreadsheet would calculate (OWASP, CSV injection)."""


@router.get("/access")
def looks(
    request: Request, db: Db, citizen: Citizen, now: Now, page: Annotated[int, Query(ge=1, le=100_000)] = 1
) -> Response:
    """Everyone who looked at my data, newest first."""
    found = access.views_for(db, citizen.person_id, page)
    count, agencies = access.since(db, citizen.person_id, now - timedelta(days=30))
    context = AccessPage(
        views=found.views,
        number=found.number,
        pages=found.pages,
        total=found.total,
        last_30_days=count,
        agencies=agencies,
    )
    return render(request, "citizen/access.html", context)


@router.get("/access.csv")
def looks_csv(db: Db, citizen: Citizen) -> Response:
    """The whole log, to keep. Cells that a spreadsheet would take for a formula are defused."""
    out = io.StringIO()
    writer = csv.writer(out)
    lang = i18n.lang()
    writer.writerow([_("เมื่อ"), _("หน่วยงาน"), _("ตำแหน่ง"), _("ดูอะไร"), _("เพื่ออะไร"), _("เลขคำขอ")])
    for view in access.every_view(db, citizen.person_id):
        row = [
            view.at.isoformat(),
            view.agency.to(lang),
            view.position.to(lang),
            ", ".join(what.to(lang) for what in view.what),
            view.purpose.to(lang),
            view.reference,
        ]
        writer.writerow([f"'{cell}" if cell.startswith(FORMULA) else cell for cell in row])
    return as_file(out.getvalue().encode("utf-8-sig"), "access.csv", "text/csv; charset=utf-8")


@router.get("/consents")
def mine(request: Request, db: Db, citizen: Citizen) -> Response:
    """What I allowed, and the notices I read."""
    standing = consents.current(db, citizen.person_id)
    page = ConsentsPage(
        consents=tuple(
            ConsentView(
                purpose=p.value,
                text=_(consents.QUESTIONS[p]),
                given=standing[p].given,
                since=standing[p].since,
                withdrawn=standing[p].withdrawn,
            )
            for p in Purpose
        ),
        notices=tuple(
            NoticeRead(
                what=_("หนังสือแจ้งการใช้ข้อมูล ฉบับที่ %(version)s") % {"version": read.version},
                at=read.at,
                href=f"/notices/{read.digest}",
            )
            for read in acknowledgements.of_person(db, citizen.person_id)
        ),
        token=form_token(house_of(request).settings.cookie_secret, citizen.session_id, "consents"),
    )
    return render(request, "citizen/consents.html", page)


@router.post("/consents/{purpose}")
def answer(request: Request, purpose: str, fields: Fields, db: Db, citizen: Citizen, now: Now) -> Response:
    """Give or take back one consent: the same single press either way."""
    secret = house_of(request).settings.cookie_secret
    if not token_holds(secret, citizen.session_id, "consents", one(fields, "token")):
        raise Conflict("เปิดหน้านี้นานเกินไป เปิดหน้าความยินยอมอีกครั้งแล้วเลือกใหม่")
    chosen = next((p for p in Purpose if p.value == purpose), None)
    if chosen is None:
        raise NotFound
    say = consents.give if one(fields, "given") == "yes" else consents.withdraw
    say(db, citizen.person_id, chosen, _(consents.QUESTIONS[chosen]), i18n.lang(), now)
    return see("/consents")


@router.get("/notices/{digest}")
def read_again(digest: str, db: Db, citizen: Citizen) -> Response:
    """The exact text of a notice that I acknowledged."""
    if digest not in {read.digest for read in acknowledgements.of_person(db, citizen.person_id)}:
        raise NotFound
    return as_file(texts.read(db, digest).text.encode(), "notice.txt", "text/plain; charset=utf-8", inline=True)
