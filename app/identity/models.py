"""People, companies, the parties applications are made for, who may act for whom, officers, and who is signed in."""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, CheckConstraint, ForeignKey, Index, Numeric, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base, new_id, words


class Person(Base):
    """A natural person. The citizen id is sealed; `citizen_index` finds it and keeps it unique."""

    __tablename__ = "people"
    __table_args__ = (UniqueConstraint("citizen_index"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    citizen_id: Mapped[str]
    citizen_index: Mapped[str] = mapped_column(String(64))
    title: Mapped[str]
    given_name: Mapped[str]
    family_name: Mapped[str]
    name_en: Mapped[str]
    birth_date: Mapped[str | None] = mapped_column(String(10))
    """`YYYY`, `YYYY-MM` or `YYYY-MM-DD` (Common Era): civil registration knows people without a day or month."""
    created_at: Mapped[datetime]


class Organisation(Base):
    """A juristic person. Its number is public; what the business registry says of it is kept with its time."""

    __tablename__ = "organisations"
    __table_args__ = (
        UniqueConstraint("juristic_id"),
        CheckConstraint("juristic_id ~ '^[0-9]{13}$'", name="number"),
        CheckConstraint("(profile is null) = (profile_at is null)", name="profile"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    juristic_id: Mapped[str] = mapped_column(String(13))
    name_th: Mapped[str]
    name_en: Mapped[str]
    status: Mapped[str]
    """The registry's own words ("ยังดำเนินกิจการอยู่"); "" while it has not answered."""
    profile: Mapped[dict[str, Any] | None]
    """What the registry said, in our own keys (`registries.dbd`)."""
    profile_at: Mapped[datetime | None]
    asked_at: Mapped[datetime | None]
    """When the registry was last asked, whether or not it answered."""
    created_at: Mapped[datetime]


class Account(Base):
    """One sign-in account of a person or a company at one provider. The key is (issuer, subject), no number."""

    __tablename__ = "accounts"
    __table_args__ = (
        UniqueConstraint("issuer", "subject"),
        CheckConstraint("num_nonnulls(person_id, organisation_id) = 1", name="whose"),
        Index("ix_accounts_person_id", "person_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    issuer: Mapped[str]
    subject: Mapped[str]
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"))
    organisation_id: Mapped[UUID | None] = mapped_column(ForeignKey("organisations.id"))
    ial: Mapped[Decimal | None] = mapped_column(Numeric(2, 1))
    """Of the person; a company's account has none."""
    created_at: Mapped[datetime]
    last_sign_in_at: Mapped[datetime]


class ApplicantKind(StrEnum):
    """What kind of party an application is made for."""

    PERSON = "person"
    ORGANISATION = "organisation"


class Applicant(Base):
    """The party an application is made for; who acts for it is another matter (`Actor`)."""

    __tablename__ = "applicants"
    __table_args__ = (
        UniqueConstraint("person_id"),
        UniqueConstraint("organisation_id"),
        CheckConstraint("(kind = 'person') = (person_id is not null)", name="person"),
        CheckConstraint("(kind = 'organisation') = (organisation_id is not null)", name="organisation"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    kind: Mapped[ApplicantKind] = mapped_column(words(ApplicantKind))
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"))
    organisation_id: Mapped[UUID | None] = mapped_column(ForeignKey("organisations.id"))
    created_at: Mapped[datetime]


class Mandate(Base):
    """A party lets a person act for it, in some services or all, until a day. Counts once the agent has accepted."""

    __tablename__ = "mandates"
    __table_args__ = (
        UniqueConstraint("code_index"),
        CheckConstraint("num_nonnulls(agent_index, code_index) = 1", name="invited_how"),
        CheckConstraint("(accepted_at is null) = (agent_id is null)", name="accepted"),
        CheckConstraint("(revoked_at is null) = (revoked_by is null)", name="revoked"),
        CheckConstraint("services is null or cardinality(services) > 0", name="services"),
        Index("ix_mandates_principal_id", "principal_id"),
        Index("ix_mandates_agent_id", "agent_id"),
        Index("ix_mandates_agent_index", "agent_index"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    principal_id: Mapped[UUID] = mapped_column(ForeignKey("applicants.id"))
    agent_name: Mapped[str]
    """How the giver calls the agent; after acceptance the agent's own name."""
    agent_index: Mapped[str | None] = mapped_column(String(64))
    """Blind index of the citizen id of the one who may accept; else whoever brings the invitation code."""
    code_index: Mapped[str | None] = mapped_column(String(64))
    agent_id: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"))
    services: Mapped[list[str] | None] = mapped_column(ARRAY(String(80)))
    """Slugs; None: every service."""
    until: Mapped[date]
    """The last day (Bangkok)."""
    given_by: Mapped[UUID] = mapped_column(ForeignKey("people.id"))
    given_name: Mapped[str]
    given_at: Mapped[datetime]
    accepted_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
    revoked_by: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"))


class Duty(StrEnum):
    """What an officer may do at their agency."""

    RECEIVE = "receive"
    CHECK = "check"
    APPROVE = "approve"
    CASHIER = "cashier"
    MANAGE = "manage"
    REPORT = "report"
    """Reads how mature and how quick the services of every agency are; sees no case."""


class Officer(Base):
    """Someone who works for one agency. Duties come from here, never from the provider."""

    __tablename__ = "officers"
    __table_args__ = (
        UniqueConstraint("issuer", "subject"),
        CheckConstraint(
            "duties <@ array['receive', 'check', 'approve', 'cashier', 'manage', 'report']::varchar[]",
            name="known_duties",
        ),
        CheckConstraint("not active or suspended_at is null", name="suspended_is_not_active"),
        Index("ix_officers_agency_code", "agency_code"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    issuer: Mapped[str]
    subject: Mapped[str]
    name_th: Mapped[str]
    name_en: Mapped[str]
    position_th: Mapped[str]
    position_en: Mapped[str]
    agency_code: Mapped[str] = mapped_column(String(40))
    office_code: Mapped[str | None] = mapped_column(String(40))
    duties: Mapped[list[str]] = mapped_column(ARRAY(String(12)))
    active: Mapped[bool]
    suspended_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    last_sign_in_at: Mapped[datetime | None]


class SessionKind(StrEnum):
    """Whose session it is: the two have different clocks and never mix."""

    CITIZEN = "citizen"
    OFFICER = "officer"


class Ending(StrEnum):
    """Why a session was ended before its time."""

    SIGNED_OUT = "signed_out"
    REPLACED = "replaced"
    ENDED_ELSEWHERE = "ended_elsewhere"
    SUSPENDED = "suspended"
    CHANGED_PARTY = "changed_party"


class Session(Base):
    """Someone signed in on one browser. Only the SHA-256 of the cookie's token is kept."""

    __tablename__ = "sessions"
    __table_args__ = (
        UniqueConstraint("token_hash"),
        CheckConstraint(
            "(kind = 'citizen') = (person_id is not null) and (kind = 'citizen') = (account_id is not null)"
            " and (kind = 'officer') = (officer_id is not null)",
            name="whose",
        ),
        CheckConstraint(
            "(kind = 'citizen') = (party_id is not null)"
            " and (kind = 'citizen' or num_nonnulls(organisation_id, mandate_id) = 0)",
            name="for_whom",
        ),
        CheckConstraint("(ended_at is null) = (ended_why is null)", name="ended"),
        Index("ix_sessions_person_id", "person_id"),
        Index("ix_sessions_officer_id", "officer_id"),
        Index("ix_sessions_expires_at", "expires_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    token_hash: Mapped[str] = mapped_column(String(64))
    kind: Mapped[SessionKind] = mapped_column(words(SessionKind))
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"))
    account_id: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id"))
    officer_id: Mapped[UUID | None] = mapped_column(ForeignKey("officers.id"))
    party_id: Mapped[UUID | None] = mapped_column(ForeignKey("applicants.id"))
    """The party acted for. Another party is another session: pages drawn for one never act for the other."""
    organisation_id: Mapped[UUID | None] = mapped_column(ForeignKey("organisations.id"))
    """The company whose account was used to sign in on this browser, whoever is acted for now."""
    mandate_id: Mapped[UUID | None] = mapped_column(ForeignKey("mandates.id"))
    """By which mandate this session acts for its party, if by one."""
    ial: Mapped[Decimal | None] = mapped_column(Numeric(2, 1))
    device: Mapped[str]
    """What the person recognises in the list of sessions: the browser's own words, shortened."""
    created_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    """The absolute end, whatever the activity."""
    ended_at: Mapped[datetime | None]
    ended_why: Mapped[Ending | None] = mapped_column(words(Ending))
    id_token: Mapped[str | None]
    """Sealed; only to tell the provider who signs out."""
