"""Answers that an officer sent back: every change is kept at once, and what two screens changed is chosen between."""

from collections.abc import Mapping
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlalchemy.orm import Session

from app.applications.models import DeficiencyItem
from app.catalogue.texts import Text
from app.core.web import Db, Fields, Now, form_token, texts
from app.pages.choices import Disputed, Where, settled, side_by_side
from app.pages.citizen_form import house_of
from app.pages.kept import told
from app.pages.questions import in_words
from app.pages.who import Citizen
from app.stories import mend
from app.stories.boxes import WAS, Typed
from app.stories.mend import Mending

router = APIRouter()


@router.post("/applications/{application_id}/deficiency/keep")
def keep_mended(request: Request, application_id: UUID, fields: Fields, db: Db, citizen: Citizen, now: Now) -> Response:
    """Keep what was just typed for an answer of the notice; the page's own script asks."""
    mending, sent = mend.open_notice(db, house_of(request), citizen, application_id, lock=True), texts(fields)
    mend.being_mended(mending)
    disputed = mend.answer(db, mending, sent, now)
    seen = {name: " ".join(sent.get(name.removeprefix(WAS), ())) for name in sent if name.startswith(WAS)}
    left = {name: said for name, said in seen.items() if name.removeprefix(WAS) not in disputed}
    return told(left, [item.key for item in _items(mending, disputed)], now)


def kept(request: Request, db: Session, citizen: Citizen, mending: Mending, sent: Typed, now: Now) -> Response | None:
    """Keep the answers of the page; both sides where another screen was faster, else None."""
    left = settled(sent)
    if left is None:
        return _both(request, citizen, mending, {name: said[0] for name, said in sent.items()}, sent)
    disputed = mend.answer(db, mending, left[0], now)
    return _both(request, citizen, mending, disputed, {}) if disputed else None


def _both(request: Request, citizen: Citizen, mending: Mending, typed: Mapping[str, str], sent: Typed) -> Response:
    here = f"/applications/{mending.application.id}/deficiency"
    token = form_token(
        house_of(request).settings.cookie_secret, citizen.session_id, f"mend:{mending.application.revision}"
    )
    where = Where(TITLE, here, f"{here}/keep", here, token)
    disputed = [_disputed(mending, item) for item in _items(mending, typed)]
    return side_by_side(request, where, disputed, typed, "", sent)


TITLE = Text(th="คำตอบที่ต้องแก้", en="Answers to mend")


def _items(mending: Mending, typed: Mapping[str, str]) -> list[DeficiencyItem]:
    """The items about questions with these boxes."""
    answers = [item for item in mending.items if item.kind == "answer"]
    return [item for item in answers if set(mending.question(item).fields) & typed.keys()]


def _disputed(mending: Mending, item: DeficiencyItem) -> Disputed:
    question, holds = mending.question(item), mend.boxes(mending, item)

    def words(raw: Mapping[str, str]) -> str:
        return in_words(question, question.read({name: (said,) for name, said in raw.items()}).value, raw)

    return Disputed(question.key, question.name, {name: holds.get(name, "") for name in question.fields}, words)
