"""What the State already knows, put under the questions: each registry is asked once, none that is down blocks."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from app.applications import forms
from app.applications.models import FormState, Prefill, SingleForm
from app.catalogue.answers import Form, visible_topics
from app.catalogue.texts import Text
from app.core.errors import NotFound, Unavailable
from app.core.events import SYSTEM, Actor, record
from app.identity import organisations, people
from app.privacy import access
from app.privacy.access import About, Viewer
from app.privacy.models import ViewerKind
from app.registries.gdx import Fetched
from app.stories import apply, companies
from app.stories.house import House
from app.stories.sources import DBD, DOPA, NAMES

PURPOSE = Text(th="ดึงข้อมูลมากรอกแบบฟอร์มตามที่คุณสั่ง", en="Fetching data into your form, as you asked")
PORTAL = Text(th="ระบบจุดเดียว", en="Judiao portal")


def prefill(house: House, form_id: UUID) -> None:
    """Job: ask every registry the form needs, then put what they know under its questions in one transaction."""
    with house.database.transaction() as db:
        form = db.get(SingleForm, form_id)
        if form is None or form.prefill is not Prefill.QUEUED:
            return
        asked = _whom(db, form, apply.shape_of(db, house, form))
    said = {registry: _ask(house, registry, of) for registry, of in asked.items()}
    now = house.clock.now()
    with house.database.transaction() as db:
        locked = db.get(SingleForm, form_id, with_for_update=True)
        if locked is None or locked.state is not FormState.DRAFT or locked.prefill is not Prefill.QUEUED:
            return  # sent, discarded, or the consent was withdrawn while the registries answered
        shape = apply.shape_of(db, house, locked)
        keys = [
            key
            for registry, (_, fetched) in said.items()
            if fetched is not None
            for key in _put(db, locked, shape, registry, asked[registry], fetched, now)
        ]
        outcomes = {registry: state for registry, (state, _) in said.items()}
        locked.registries = {registry: str(state) for registry, state in outcomes.items()}
        locked.prefill, locked.prefill_at = _overall(outcomes), now
        actor = Actor(SYSTEM.kind, None, SYSTEM.name, locked.applicant_id)
        record(
            db,
            f"form:{form_id}",
            "form.prefill",
            actor,
            now,
            subject=form_id,
            outcome=str(locked.prefill),
            registries=locked.registries,
            keys=sorted(keys),
        )


def _whom(db: Session, form: SingleForm, shape: Form) -> dict[str, UUID]:
    """Which registries the form needs, and about whom: a person, or the company it is for.

    For a company's form, what is asked about a human being is about the one who began it.
    """
    values = forms.values(forms.answers(db, form.id))
    questions = [question for topic in visible_topics(shape, values) for question in topic.questions]
    needed = {question.prefill.registry for question in questions if question.prefill}
    try:
        company = organisations.of_party(db, form.applicant_id)
    except NotFound:
        return {DOPA: people.person_of(db, form.applicant_id)} if DOPA in needed else {}
    whom = {DOPA: form.started_by, DBD: company.id}
    return {registry: whom[registry] for registry in sorted(needed & whom.keys())}


def _ask(house: House, registry: str, of: UUID) -> tuple[Prefill, Fetched | None]:
    now = house.clock.now()
    try:
        fetched = _person(house, of, now) if registry == DOPA else _company(house, of, now)
    except Unavailable:
        return Prefill.UNREACHABLE, None
    return (Prefill.DONE, fetched) if fetched else (Prefill.NOTHING_FOUND, None)


def _person(house: House, person_id: UUID, now: datetime) -> Fetched | None:
    with house.database.transaction() as db:
        citizen_id = people.profile(db, house.keyring, person_id).citizen_id
    return house.registry.person(citizen_id, now)


def _company(house: House, organisation_id: UUID, now: datetime) -> Fetched | None:
    profile = companies.describe(house, organisation_id)
    return Fetched(profile, NAMES[DBD].th, now) if profile else None


def _put(
    db: Session, form: SingleForm, shape: Form, registry: str, of: UUID, fetched: Fetched, now: datetime
) -> list[str]:
    """Fill in what fits; a person's data is written into their privacy log. The keys that were filled."""
    asked = {q.prefill.path: q for q in shape.questions.values() if q.prefill and q.prefill.registry == registry}
    fitting: Mapping[str, Any] = {
        asked[path].key: asked[path].accept(value) for path, value in fetched.values.items() if path in asked
    }
    found = {key: value for key, value in fitting.items() if value is not None}
    if found:
        forms.prefill(db, form, found, NAMES[registry].th, fetched.at, now)
        if registry == DOPA:
            labels = {key: shape.questions[key].name for key in found}
            viewer = Viewer(ViewerKind.REGISTRY, registry, NAMES[registry], PORTAL)
            access.record_view(db, of, viewer, labels, PURPOSE, now, about=About(reference=form.reference))
    return sorted(found)


def _overall(outcomes: Mapping[str, Prefill]) -> Prefill:
    """One word for the page: somebody did not answer, somebody did, or nobody knew anything."""
    for state in (Prefill.UNREACHABLE, Prefill.DONE):
        if state in outcomes.values():
            return state
    return Prefill.NOTHING_FOUND
