"""Links by which I show a licence to somebody, and what opens under one: what the public may know, as it stands now."""

from datetime import timedelta
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.core.clock import bangkok_date
from app.core.db import attempt
from app.core.errors import Invalid
from app.core.i18n import gettext as _
from app.core.thai import clean
from app.core.web import Db, Fields, Now, form_token, one, render, see
from app.pages.citizen_form import house_of
from app.pages.citizen_licence_acts import bound, still_ours
from app.pages.contexts.frame import Problem
from app.pages.contexts.holdings import SharedPage, ShareLine, SharesPage
from app.pages.verify import public_view
from app.pages.who import Citizen, address
from app.stories import sharing
from app.stories.sharing import Link

router = APIRouter()
SHARES = "/licences/{licence_id}/shares"
DAYS = (7, 30, 90, 365)
LONGEST = 60
"""Letters of the name that a link has for its owner."""


@router.get(SHARES)
def links(request: Request, licence_id: UUID, db: Db, citizen: Citizen, now: Now) -> Response:
    """Every link of my licence, and a new one."""
    return render(request, "citizen/shares.html", _page(request, db, citizen, licence_id, now))


@router.post(SHARES)
def make(request: Request, licence_id: UUID, fields: Fields, db: Db, citizen: Citizen, now: Now) -> Response:
    """A new link; else the page again with what was typed."""
    house, name, days = house_of(request), clean(one(fields, "name"))[: 10 * LONGEST], one(fields, "days")
    try:
        with attempt(db):
            still_ours(request, citizen, fields)
            until = bangkok_date(now) + timedelta(days=_chosen(name, days))
            sharing.make(db, house, citizen, licence_id, name, until, now)
    except Invalid as refused:
        problems = tuple(Problem(at, _(words)) for at, words in refused.problems.items())
        page = _page(request, db, citizen, licence_id, now, name, days, problems)
        return render(request, "citizen/shares.html", page, status=422)
    return see(f"/licences/{licence_id}/shares")


def _chosen(name: str, days: str) -> int:
    problems = {} if name else {"name": "ใส่ว่าให้ใครดู เช่น เจ้าของตึก"}
    if len(name) > LONGEST:
        problems["name"] = "ใส่ให้สั้นลง ไม่เกิน 60 ตัวอักษร"
    if days not in map(str, DAYS):
        problems["days"] = "เลือกวันสุดท้ายที่เปิดดูได้"
    if problems:
        raise Invalid(problems=problems)
    return int(days)


@router.post(f"{SHARES}/{{share_id}}/close")
def close(
    request: Request, licence_id: UUID, share_id: UUID, fields: Fields, db: Db, citizen: Citizen, now: Now
) -> Response:
    """It opens no more."""
    bound(request, citizen, fields)
    sharing.close(db, citizen, licence_id, share_id, now)
    return see(f"/licences/{licence_id}/shares")


def _page(
    request: Request,
    db: Db,
    citizen: Citizen,
    licence_id: UUID,
    now: Now,
    name: str = "",
    days: str = "",
    problems: tuple[Problem, ...] = (),
) -> SharesPage:
    house = house_of(request)
    licence, links = sharing.mine(db, house, citizen, licence_id)
    today = bangkok_date(now)
    return SharesPage(
        problems=problems,
        id=licence.id,
        name=house.service(db, licence.service_slug, licence.service_version).result_name,
        number=licence.number,
        shares=tuple(_line(house.settings.base_url, link, now) for link in links),
        choices=tuple((days, today + timedelta(days=days)) for days in DAYS),
        typed_name=name,
        typed_days=days,
        token=form_token(house.settings.cookie_secret, citizen.session_id, "licence"),
    )


def _line(base_url: str, link: Link, now: Now) -> ShareLine:
    share = link.share
    return ShareLine(
        id=share.id,
        name=share.name,
        until=share.until,
        created_at=share.created_at,
        state="open" if share.open(now) else "closed" if share.revoked_at else "over",
        opened=share.opened,
        last_opened_at=share.last_opened_at,
        href=f"{base_url}/shared/{link.secret}" if link.secret and share.open(now) else "",
    )


# — What opens under a link ————————————————————————————————————————————————————————————————————————————————————————


@router.get("/shared/{secret}")
def shared(request: Request, secret: str, db: Db, now: Now) -> Response:
    """The licence as the public may see it, as it stands now. Kept out of search engines."""
    house = house_of(request)
    share, known = sharing.opened(db, secret[:60], address(request), now)
    view = public_view(db, house, known)
    page = SharedPage(
        outcome=known.verdict.value,
        until=share.until,
        checked_at=now,
        verify_url=f"{house.settings.base_url}/verify/{view.code}",
        licence=view,
    )
    response = render(request, "public/shared.html", page)
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response
