"""Renewal by a form that is filled already, with the last answers and documents; what must be new is left open."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.applications import forms, vault
from app.applications.form_models import Answer, SingleForm, Upload, UploadState
from app.applications.models import Application
from app.applications.vault import Verified
from app.core import i18n
from app.core.errors import NotFound
from app.core.events import record
from app.identity import sessions
from app.identity.sessions import CitizenSession
from app.privacy import acknowledgements, consents
from app.privacy.models import Purpose
from app.stories import acting, apply, inform, renewal
from app.stories.house import House
from app.stories.renewal import Offer


def begin(db: Session, house: House, citizen: CitizenSession, licence_id: UUID, now: datetime) -> SingleForm:
    """The one draft that renews my licence: begun now, or there already. Raises Conflict when it cannot be renewed.

    The person has read the notice beside the button. The registries are asked if they allowed that before.
    """
    found = renewal.at_its_door(db, house, citizen, licence_id, now)
    prospect, former = found.prospect, found.former
    acting.within_mandate(citizen, [prospect.licence.service_slug])
    there = prospect.draft or (prospect.under_way.form_id if prospect.under_way else None)
    if there is not None:
        return forms.of_applicant(db, citizen.applicant_id, there)
    if prospect.service is None or prospect.rule is None:
        raise NotFound
    form = apply.start(db, house, citizen, [prospect.service.slug], i18n.lang(), now)
    form.renews = prospect.licence.id
    answers, files = _answers(db, house, form, found, now), _files(db, form, citizen, former, prospect.rule.fresh, now)
    record(
        db,
        forms.stream(form.id),
        "form.renew",
        sessions.actor(citizen),
        now,
        subject=form.id,
        number=prospect.licence.number,
        answers=answers,
        documents=files,
    )
    read = inform.compose(house, citizen, [prospect.service], i18n.lang())
    acknowledgements.acknowledge(db, citizen.person_id, read, now, single_form_id=form.id)
    allowed = consents.current(db, citizen.person_id)[Purpose.REGISTRIES_PREFILL].given
    apply.ask_registries(db, form, now, allowed=allowed)
    return form


def _reference(db: Session, former: Application) -> str:
    return db.get_one(SingleForm, former.single_form_id).reference[:24]


def _answers(db: Session, house: House, form: SingleForm, found: Offer, now: datetime) -> int:
    """What was answered last time, as far as it fits the questions of today; a registry's word is put over it.

    Not over what was upheld against a registry and granted so, nor over what an officer amended since: that is newer
    than the registry's former word, so both go on beside each other, and the officer decides.
    """
    here, shape, reference = forms.answers(db, form.id), apply.shape_of(db, house, form), _reference(db, found.former)
    taken = []
    for key, said in found.answers.items():
        question = shape.questions.get(key)
        if question is None or not question.asked or key in here:
            continue
        value = question.accept(said["value"])
        if value is not None:
            taken.append(Answer(single_form_id=form.id, key=key, value=value, reused_from=reference, at=now))
            if key in found.amended:
                _amended(taken[-1], found.former.answers.get(key, {}))
            elif said.get("disputed"):
                taken[-1].disputed, taken[-1].fetched = True, {"value": said["fetched"]}
    db.add_all(taken)
    db.flush()
    return len(taken)


def _amended(answer: Answer, granted: Mapping[str, Any]) -> None:
    """What an amendment says: as good as typed, and in dispute with a registry that had told something else."""
    answer.reused_from = ""
    if granted.get("source"):
        answer.disputed, answer.fetched = True, {"value": granted["value"]}
    elif granted.get("disputed"):
        answer.disputed, answer.fetched = True, {"value": granted["fetched"]}


def _files(
    db: Session, form: SingleForm, citizen: CitizenSession, former: Application, fresh: tuple[str, ...], now: datetime
) -> list[str]:
    """The documents of last time that need not be new. They keep their age and say where they are from."""
    wanted = {UUID(one["upload"]) for one in former.documents if one["key"] not in fresh}
    clean = select(Upload).where(Upload.id.in_(wanted), Upload.state == UploadState.CLEAN)
    reference, kept = _reference(db, former), []
    for upload in db.scalars(clean).all() if wanted else ():
        found = Verified(upload, reference, former.number, former.service_slug, former.agency_code)
        vault.use(db, form.id, found, citizen.person_id, now)
        kept.append(upload.document_key)
    return sorted(kept)
