"""Papers that the portal prepares: read one, print it, and where its code leads."""

from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.applications.models import FormState
from app.core.web import Db, Fields, Now, as_file, form_token, render, see
from app.pages.citizen_documents import document_view
from app.pages.citizen_form import head_of, house_of
from app.pages.contexts.citizen import PaperPage
from app.pages.contexts.frame import Problem
from app.pages.who import Citizen
from app.papers import sheets
from app.stories import papers
from app.stories.papers import Look

router = APIRouter()
PAPER = "/forms/{form_id}/papers/{key}"


def paper_page(request: Request, found: Look, citizen: Citizen, *problems: Problem) -> PaperPage:
    """One paper as its page shows it."""
    current, filled = found.draft, found.filled
    view, base = document_view(current, found.asked), f"/forms/{current.form.id}"
    held, topic_of = current.held, current.shape.topic_of
    fetched = {key for key, one in held.items() if one.from_registry}
    return PaperPage(
        problems=problems,
        form=head_of(request, current),
        document=found.asked.name,
        title=filled.prepared.title,
        paragraphs=filled.paragraphs,
        listed=tuple((one.label, one.text) for one in filled.listed),
        quoted=tuple(
            (one.label, one.text, "" if one.key in fetched else f"{base}/topics/{topic_of[one.key]}#{one.key}")
            for one in filled.quoted
        ),
        lacking=tuple((q.name, f"{base}/topics/{topic_of[q.key]}#{q.fields[0]}") for q in filled.lacking),
        signers=tuple(role.title for role in filled.prepared.roles),
        online=filled.prepared.signing == "online",
        drawing=bool(filled.prepared.drawings),
        note=filled.prepared.note,
        state=view.state,
        changed=view.changed,
        here=f"{base}/papers/{found.asked.key}",
        token=form_token(house_of(request).settings.cookie_secret, citizen.session_id, "documents"),
    )


@router.get(PAPER)
def paper(request: Request, form_id: UUID, key: str, db: Db, citizen: Citizen) -> Response:
    """What it says now, the answers it quotes, and how it can be signed."""
    found = papers.look(db, house_of(request), citizen, form_id, key)
    if found.draft.form.state is not FormState.DRAFT:
        return see(f"/forms/{form_id}/track")
    return render(request, "citizen/paper.html", paper_page(request, found, citizen))


@router.post(f"{PAPER}/print")
def print_(request: Request, form_id: UUID, key: str, fields: Fields, db: Db, citizen: Citizen, now: Now) -> Response:
    """Make the paper of this moment; its code finds it again."""
    del fields
    made = papers.print_(db, house_of(request), citizen, form_id, key, now)
    return see(f"/forms/{form_id}/papers/{key}/{sheets.written(made.code)}.pdf")


@router.get(f"{PAPER}/{{code}}.pdf")
def file(request: Request, form_id: UUID, key: str, code: str, db: Db, citizen: Citizen) -> Response:
    """The paper itself, to print."""
    name, data = papers.file(db, house_of(request), citizen, form_id, key, code)
    return as_file(data, f"{name} {code}.pdf", "application/pdf")


@router.get("/P/{code}")
def by_code(code: str, db: Db, citizen: Citizen) -> Response:
    """Somebody's telephone read the code on the paper: back to the place where it belongs."""
    return see(papers.place_of(db, citizen, code))
