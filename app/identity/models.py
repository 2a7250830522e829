"""People, the parties applications are made for, officers, and who is signed in."""

from datetime import datetime
from decimal import Decimal
from enum import StrEnum
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


class Account(Base):
    """One sign-in account of a person at one provider. The key is (issuer, subject), never the citizen id."""

    __tablename__ = "accounts"
    __table_args__ = (UniqueConstraint("issuer", "subject"), Index("ix_accounts_person_id", "person_id"))

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    issuer: Mapped[str]
    subject: Mapped[str]
    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"))
    ial: Mapped[Decimal] = mapped_column(Numeric(2, 1))
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
        CheckConstraint("(kind = 'person') = (person_id is not null)", name="person"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    kind: Mapped[ApplicantKind] = mapped_column(words(ApplicantKind))
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"))
    created_at: Mapped[datetime]


class Duty(StrEnum):
    """What an officer may do at their agency."""

    RECEIVE = "receive"
    CHECK = "check"
    APPROVE = "approve"
    CASHIER = "cashier"
    MANAGE = "manage"


class Officer(Base):
    """Someone who works for one agency. Duties come from here, never from the provider."""

    __tablename__ = "officers"
    __table_args__ = (
        UniqueConstraint("issuer", "subject"),
        CheckConstraint(
            "duties <@ array['receive', 'check', 'approve', 'cashier', 'manage']::varchar[]", name="known_duties"
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
