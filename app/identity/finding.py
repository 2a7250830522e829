"""Whose live session a cookie is: one select, read into what pages see."""

import hashlib
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, or_, select
from sqlalchemy.orm import Session, aliased

from app.core.clock import bangkok_date
from app.core.reading import Prepared
from app.identity.models import Applicant, ApplicantKind, Duty, Mandate, Officer, Organisation, Person, SessionKind
from app.identity.models import Session as SessionRow
from app.identity.people import full_name
from app.identity.signed_in import CITIZEN_IDLE, OFFICER_IDLE, CitizenSession, OfficerSession, Right, SignedIn

_Own, _Principal = aliased(Applicant), aliased(Person)

_FIND = Prepared(
    select(
        SessionRow.id,
        SessionRow.kind,
        SessionRow.ial,
        SessionRow.last_seen_at,
        SessionRow.expires_at,
        SessionRow.person_id,
        SessionRow.organisation_id,
        SessionRow.mandate_id,
        Applicant.id.label("applicant_id"),
        Applicant.kind.label("party_kind"),
        _Own.id.label("own_applicant_id"),
        Organisation.id.label("party_organisation_id"),
        Organisation.name_th.label("company_th"),
        Organisation.name_en.label("company_en"),
        _Principal.title.label("principal_title"),
        _Principal.given_name.label("principal_given"),
        _Principal.family_name.label("principal_family"),
        _Principal.name_en.label("principal_en"),
        Mandate.services,
        Mandate.until,
        Mandate.revoked_at,
        Person.title,
        Person.given_name,
        Person.family_name,
        Person.name_en.label("person_en"),
        Officer.id.label("officer_id"),
        Officer.name_th,
        Officer.name_en,
        Officer.position_th,
        Officer.position_en,
        Officer.agency_code,
        Officer.office_code,
        Officer.duties,
    )
    .outerjoin(Person, Person.id == SessionRow.person_id)
    .outerjoin(Applicant, Applicant.id == SessionRow.party_id)
    .outerjoin(_Own, _Own.person_id == SessionRow.person_id)
    .outerjoin(Organisation, Organisation.id == Applicant.organisation_id)
    .outerjoin(_Principal, _Principal.id == Applicant.person_id)
    .outerjoin(Mandate, Mandate.id == SessionRow.mandate_id)
    .outerjoin(Officer, (Officer.id == SessionRow.officer_id) & Officer.active)
    .where(
        SessionRow.token_hash == bindparam("token_hash"),
        SessionRow.ended_at.is_(None),
        SessionRow.expires_at > bindparam("now"),
        or_(
            (SessionRow.kind == SessionKind.CITIZEN) & (SessionRow.last_seen_at > bindparam("citizen_seen")),
            (SessionRow.kind == SessionKind.OFFICER)
            & (SessionRow.last_seen_at > bindparam("officer_seen"))
            & Officer.id.is_not(None),
        ),
    )
)


def find(db: Session, token: str, now: datetime) -> SignedIn | None:
    """Whose live session this token is, in one select. None for anything else: no reason is told to a stranger."""
    row = _FIND.row(
        db,
        token_hash=hash_of(token),
        now=now,
        citizen_seen=now - CITIZEN_IDLE,
        officer_seen=now - OFFICER_IDLE,
    )
    if row is None:
        return None
    return _citizen(row, now) if row.kind == SessionKind.CITIZEN else _officer(row)


def _citizen(row: Any, now: datetime) -> CitizenSession:
    name = full_name(row.title, row.given_name, row.family_name)
    company = row.party_kind == ApplicantKind.ORGANISATION
    party = row.company_th or full_name(row.principal_title, row.principal_given, row.principal_family)
    over = row.mandate_id is not None and (row.revoked_at is not None or bangkok_date(now) > row.until)
    return CitizenSession(
        session_id=row.id,
        seen_at=row.last_seen_at,
        expires_at=row.expires_at,
        ends_at=min(row.expires_at, row.last_seen_at + CITIZEN_IDLE),
        person_id=row.person_id,
        display_name=name,
        display_name_en=row.person_en or name,
        ial=row.ial,
        own_applicant_id=row.own_applicant_id,
        applicant_id=row.applicant_id,
        party_kind=row.party_kind,
        party_name=party,
        party_name_en=(row.company_en if company else row.principal_en) or party,
        right=_right(row),
        organisation_id=row.organisation_id,
        mandate_id=row.mandate_id,
        services=frozenset(row.services) if row.services is not None else None,
        until=row.until,
        mandate_over=over,
    )


def _right(row: Any) -> Right:
    """Neither oneself, nor the company that signed in here, nor a mandate: no right at all, so it fails loudly."""
    if row.mandate_id is not None:
        return Right.MANDATE
    if row.applicant_id == row.own_applicant_id:
        return Right.SELF
    if row.organisation_id is None or row.party_organisation_id != row.organisation_id:
        raise RuntimeError("a session for a party without a right")
    return Right.COMPANY


def _officer(row: Any) -> OfficerSession:
    return OfficerSession(
        session_id=row.id,
        seen_at=row.last_seen_at,
        expires_at=row.expires_at,
        ends_at=min(row.expires_at, row.last_seen_at + OFFICER_IDLE),
        officer_id=row.officer_id,
        name=row.name_th,
        name_en=row.name_en,
        position=row.position_th,
        position_en=row.position_en,
        agency_code=row.agency_code,
        office_code=row.office_code,
        duties=frozenset(Duty(duty) for duty in row.duties),
    )


def hash_of(token: str) -> str:
    """What is kept of a token."""
    return hashlib.sha256(token.encode()).hexdigest()
