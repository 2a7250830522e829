"""Papers that the portal prepares: read one, print it, and where its code leads."""

from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.applications.form_models import FormState
from app.core.clock import bangkok_date
from app.core.db import attempt
from app.core.errors import Conflict, Invalid
from app.core.i18n import filled
from app.core.web import Db, Fields, Now, as_file, form_token, one, render, see
from app.pages.citizen_form import head_of, house_of
from app.pages.contexts.frame import Problem
from app.pages.contexts.papers import PaperPage, RoleView, SignerView
from app.pages.document_views import document_view
from app.pages.who import Citizen
from app.papers import sheets, signers
from app.papers.models import Signer
from app.stories import papers, signing, voiding
from app.stories.house import House
from app.stories.papers import Look

router = APIRouter()
PAPER = "/forms/{form_id}/papers/{key}"


def _roles(house: House, found: Look, now: Now) -> tuple[RoleView, ...]:
    """Who signs it online, by capacity."""
    if found.filled.prepared.signing != "online":
        return ()
    mine = [one for one in found.draft.signers if one.document_key == found.asked.key]
    return tuple(
        RoleView(
            key=role.key,
            title=role.title,
            named=voiding.named(found.filled, role),
            least=role.least,
            more=role.most - sum(one.role == role.key for one in mine),
            signers=tuple(_signer(house, one, now) for one in mine if one.role == role.key),
        )
        for role in found.filled.prepared.roles
    )


def _signer(house: House, one: Signer, now: Now) -> SignerView:
    return SignerView(
        id=one.id,
        name=one.name,
        standing=signers.standing(one, now).value,
        at=one.signed_at or one.refused_at or one.opened_at,
        until=bangkok_date(one.expires_at),
        reason=one.reason,
        link="" if one.signed_at else signing.link(house, one),
        voided=one.voided_at is not None,
    )


def paper_page(request: Request, found: Look, citizen: Citizen, now: Now, *problems: Problem) -> PaperPage:
    """One paper as its page shows it."""
    current, says = found.draft, found.filled
    view, base = document_view(current, found.asked), f"/forms/{current.form.id}"
    held, topic_of = current.held, current.shape.topic_of
    fetched = {key for key, one in held.items() if one.from_registry}
    return PaperPage(
        problems=problems,
        form=head_of(request, current),
        document=found.asked.name,
        title=says.prepared.title,
        paragraphs=says.paragraphs,
        listed=tuple((one.label, one.text) for one in says.listed),
        quoted=tuple(
            (one.label, one.text, "" if one.key in fetched else f"{base}/topics/{topic_of[one.key]}#{one.key}")
            for one in says.quoted
        ),
        lacking=tuple((q.name, f"{base}/topics/{topic_of[q.key]}#{q.fields[0]}") for q in says.lacking),
        signers=tuple(role.title for role in says.prepared.roles),
        online=says.prepared.signing == "online",
        drawing=bool(says.prepared.drawings),
        note=says.prepared.note,
        state=view.state,
        changed=view.changed,
        here=f"{base}/papers/{found.asked.key}",
        roles=_roles(house_of(request), found, now),
        token=form_token(house_of(request).settings.cookie_secret, citizen.session_id, "documents"),
    )


@router.get(PAPER)
def paper(request: Request, form_id: UUID, key: str, db: Db, citizen: Citizen, now: Now) -> Response:
    """What it says now, the answers it quotes, and how it can be signed."""
    found = papers.look(db, house_of(request), citizen, form_id, key)
    if found.draft.form.state is not FormState.DRAFT:
        return see(f"/forms/{form_id}/track")
    return render(request, "citizen/paper.html", paper_page(request, found, citizen, now))


@router.post(f"{PAPER}/print")
def print_(request: Request, form_id: UUID, key: str, fields: Fields, db: Db, citizen: Citizen, now: Now) -> Response:
    """Make the paper of this moment; its code finds it again."""
    del fields
    made = papers.print_(db, house_of(request), citizen, form_id, key, now)
    return see(f"/forms/{form_id}/papers/{key}/{sheets.written(made.code)}.pdf")


@router.post(f"{PAPER}/signers")
def ask(request: Request, form_id: UUID, key: str, fields: Fields, db: Db, citizen: Citizen, now: Now) -> Response:
    """Ask somebody to sign it online."""
    house, who = house_of(request), (one(fields, "role"), one(fields, "name"))
    try:
        with attempt(db):
            signing.ask(db, house, citizen, form_id, key, who, now)
    except (Invalid, Conflict) as refused:
        found = papers.look(db, house, citizen, form_id, key)
        wrong = Problem(f"name-{who[0]}", filled(refused.message, refused.values))
        return render(request, "citizen/paper.html", paper_page(request, found, citizen, now, wrong), status=422)
    return see(f"/forms/{form_id}/papers/{key}#signers")


@router.post("/forms/{form_id}/signers/{signer_id}/renew")
def renew(form_id: UUID, signer_id: UUID, db: Db, citizen: Citizen, now: Now) -> Response:
    """A new link for somebody; the old one ends."""
    signer = signing.renew(db, citizen, form_id, signer_id, now)
    return see(f"/forms/{form_id}/papers/{signer.document_key}#signers")


@router.post("/forms/{form_id}/signers/{signer_id}/take-back")
def take_back(request: Request, form_id: UUID, signer_id: UUID, db: Db, citizen: Citizen, now: Now) -> Response:
    """Somebody need not sign any more."""
    signer = signing.take_back(db, house_of(request), citizen, form_id, signer_id, now)
    return see(f"/forms/{form_id}/papers/{signer.document_key}#signers")


@router.get(f"{PAPER}/{{code}}.pdf")
def file(request: Request, form_id: UUID, key: str, code: str, db: Db, citizen: Citizen) -> Response:
    """The paper itself, to print."""
    name, data = papers.file(db, house_of(request), citizen, form_id, key, code)
    return as_file(data, f"{name} {code}.pdf", "application/pdf")


@router.get("/P/{code}")
def by_code(code: str, db: Db, citizen: Citizen) -> Response:
    """Somebody's telephone read the code on the paper: back to the place where it belongs."""
    return see(papers.place_of(db, citizen, code))
