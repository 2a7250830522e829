"""What was signed reads differently now: signatures are void, and everybody is told. Cheap where nobody signs."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from app.applications import uploads
from app.applications.form_models import SingleForm
from app.catalogue import needed
from app.catalogue.conditions import Answers
from app.catalogue.merging import Form
from app.catalogue.papers import Filled, Role
from app.core import events
from app.core.events import SYSTEM, Actor
from app.core.thai import untitled
from app.identity import people
from app.notices import inbox
from app.papers import sheets, signers
from app.papers.models import Signer
from app.stories import quoting


def after_edit(db: Session, form: SingleForm, shape: Form, values: Answers, now: datetime) -> None:
    """Answers of a form changed, to `values`: whatever was signed under other words is void from here on."""
    if not form.signing:
        return
    asked = {one.key: one for one in needed.documents_needed(shape, values)}
    everybody = signers.of_form(db, form.id)
    for key in {one.document_key for one in everybody}:
        mine = [one for one in everybody if one.document_key == key]
        filled = quoting.filled(shape, asked[key], values) if key in asked else None
        sha256 = sheets.digest(filled.body()) if filled else ""
        papers = sheets.several(db, [one.paper_id for one in mine if one.paper_id and one.signed_at])
        void = [one for one in mine if one.signed_at and one.paper_id and papers[one.paper_id].sha256 != sha256]
        if void:
            _void(db, form, key, void, now)
        if filled is not None:
            _other_names(db, form, filled, mine, now)


def _void(db: Session, form: SingleForm, key: str, void: Sequence[Signer], now: datetime) -> None:
    names, papers = [one.name for one in void], {one.paper_id for one in void}
    for one in void:
        tell_signer(db, one, "signature_void", now)
    signers.void(void, now)
    upload = uploads.of_form(db, form.id).get(key)
    if upload is not None and upload.paper_id in papers:
        uploads.remove(upload, now)
    href = f"/forms/{form.id}/papers/{key}"
    inbox.tell(db, form.applicant_id, "signatures_void", now, href=href, who=", ".join(names))
    record(db, form, "form.signatures_void", SYSTEM, now, document=key, names=names)


def _other_names(db: Session, form: SingleForm, filled: Filled, mine: Sequence[Signer], now: datetime) -> None:
    """Where an answer names who signs, whoever was asked under another name is asked no more."""
    for role in filled.prepared.roles:
        name = named(filled, role)
        for one in mine:
            if name and one.role == role.key and not _same(one.name, name):
                take_back(db, form, one, SYSTEM, now)


def _same(one: str, other: str) -> bool:
    """Whether two names mean the same person, whatever known title stands before them."""
    return one == other or untitled(one) == untitled(other)


def named(filled: Filled, role: Role) -> str:
    """Who must sign in this role by the answers; "" when the applicant names them."""
    return next((one.text.th for one in filled.quoted if one.key == role.named_by), "")


def take_back(db: Session, form: SingleForm, signer: Signer, who: Actor, now: datetime) -> None:
    """Somebody need not sign any more; their link ends at once."""
    signer.revoked_at, signer.signed_at, signer.refused_at = now, None, None
    record(db, form, "form.signer_taken_back", who, now, document=signer.document_key, name=signer.name)


def tell_signer(db: Session, signer: Signer, kind: str, now: datetime) -> None:
    """Whoever opened their link has an inbox here; the link itself stays with who got it."""
    if signer.person_id is not None:
        inbox.tell(db, people.applicant_of(db, signer.person_id), kind, now, who=signer.name)


def record(db: Session, form: SingleForm, kind: str, who: Actor, now: datetime, **facts: object) -> None:
    """One event of signing, on the record of the form."""
    events.record(db, f"form:{form.id}", kind, who, now, subject=form.id, **facts)
