"""What the State already knows, put under the questions: each registry is asked once, none that is down blocks."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from app.applications import forms
from app.applications.form_models import FormState, Prefill, SingleForm
from app.catalogue.answers import visible_topics
from app.catalogue.merging import Form
from app.catalogue.registries import Registry
from app.catalogue.texts import Text
from app.core.errors import NotFound, Unavailable
from app.core.events import SYSTEM, Actor, record
from app.identity import organisations, people
from app.privacy import access
from app.privacy.access import About, Viewer
from app.privacy.models import ViewerKind
from app.registries.gdx import Fetched
from app.stories import apply, companies, linking
from app.stories.house import House

PORTAL = Text(th="ระบบจุดเดียว", en="Judiao portal")


def prefill(house: House, form_id: UUID) -> None:
    """Job: ask the registries of persons and companies, then put what they know under its questions at once.

    The registries of records that need no further answer are asked by the job that this one orders.
    """
    registries = house.catalogue.registries
    with house.database.transaction() as db:
        form = db.get(SingleForm, form_id)
        if form is None or form.prefill is not Prefill.QUEUED:
            return
        asked = _whom(db, form, apply.shape_of(db, house, form), registries)
    said = {key: _ask(house, registries[key], of) for key, of in asked.items()}
    now = house.clock.now()
    with house.database.transaction() as db:
        locked = db.get(SingleForm, form_id, with_for_update=True)
        if locked is None or locked.state is not FormState.DRAFT or locked.prefill is not Prefill.QUEUED:
            return  # sent, discarded, or the consent was withdrawn while the registries answered
        shape = apply.shape_of(db, house, locked)
        keys = [
            key
            for name, (_, fetched) in said.items()
            if fetched is not None
            for key in put(db, locked, shape, registries[name], fetched.values, asked[name], fetched.at, now)
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
        current = apply.with_shape(db, house, locked)
        linking.ask(db, house, locked, current.shape, current.values, now)
        apply.told(db, house, locked, now)


def _whom(db: Session, form: SingleForm, shape: Form, registries: Mapping[str, Registry]) -> dict[str, UUID]:
    """Which registries the form needs, and about whom: a person, or the company it is for.

    For a company's form, what is asked about a human being is about the one who began it.
    """
    values = forms.values(forms.answers(db, form.id))
    questions = [question for topic in visible_topics(shape, values) for question in topic.questions]
    needed = {question.prefill.registry for question in questions if question.prefill} & registries.keys()
    of = {"population": form.started_by}
    try:
        of["companies"] = organisations.of_party(db, form.applicant_id).id
    except NotFound:
        of["population"] = people.person_of(db, form.applicant_id)
    return {key: of[registries[key].protocol] for key in sorted(needed) if registries[key].protocol in of}


def _ask(house: House, registry: Registry, of: UUID) -> tuple[Prefill, Fetched | None]:
    now = house.clock.now()
    try:
        fetched = _person(house, of, now) if registry.protocol == "population" else _company(house, registry, of, now)
    except Unavailable:
        return Prefill.UNREACHABLE, None
    return (Prefill.DONE, fetched) if fetched else (Prefill.NOTHING_FOUND, None)


def _person(house: House, person_id: UUID, now: datetime) -> Fetched | None:
    with house.database.transaction() as db:
        citizen_id = people.profile(db, house.keyring, person_id).citizen_id
    return house.registry.person(citizen_id, now)


def _company(house: House, registry: Registry, organisation_id: UUID, now: datetime) -> Fetched | None:
    profile = companies.describe(house, organisation_id)
    return Fetched(profile, registry.name.th, now) if profile else None


def put(
    db: Session,
    form: SingleForm,
    shape: Form,
    registry: Registry,
    values: Mapping[str, Any],
    of: UUID | None,
    at: datetime,
    now: datetime,
) -> list[str]:
    """Fill in what fits; a person's data is written into the privacy log of `of`. The keys that were filled."""
    asked = [q for q in shape.questions.values() if q.prefill and q.prefill.registry == registry.key]
    fitting = {q.key: q.accept(values[q.prefill.path]) for q in asked if q.prefill and q.prefill.path in values}
    found = {key: value for key, value in fitting.items() if value is not None}
    if found:
        forms.prefill(db, form, found, registry.name.th, at, now)
        if of is not None and registry.protocol != "companies":
            looked(db, form, registry, of, {key: shape.questions[key].name for key in found}, now)
    return sorted(found)


def looked(
    db: Session, form: SingleForm, registry: Registry, of: UUID, labels: Mapping[str, Text], now: datetime
) -> None:
    """Write into a person's log that a registry was asked about them for this form, and what it told."""
    viewer = Viewer(ViewerKind.REGISTRY, registry.key, registry.name, PORTAL)
    access.record_view(db, of, viewer, labels, registry.purpose, now, about=About(reference=form.reference))


def _overall(outcomes: Mapping[str, Prefill]) -> Prefill:
    """One word for the page: somebody did not answer, somebody did, or nobody knew anything."""
    for state in (Prefill.UNREACHABLE, Prefill.DONE):
        if state in outcomes.values():
            return state
    return Prefill.NOTHING_FOUND
