"""A licence (number and live status) and the signed files issued for it."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    Connection,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    String,
    UniqueConstraint,
    event,
    literal_column,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base, new_id, words
from app.licences.life import Action, Stage

BETWEEN = " ./-()"
"""What may stand between the parts of a number and makes no difference."""
_SQUEEZED = f"translate(upper({{}}), '{BETWEEN}', '')"
SQUEEZED: ColumnElement[str] = literal_column(_SQUEEZED.format("licences.number"))
"""A licence's number without it, as it is indexed."""


_SOUGHT = "sought({}number, {}holder, {}premises)"
SOUGHT: ColumnElement[str] = literal_column(_SOUGHT.format(*["licences."] * 3))
"""What a licence is looked for by: number, holder and place on a line each, in small letters."""
PIECES: ColumnElement[list[str]] = literal_column(f"pieces({_SOUGHT.format(*['licences.'] * 3)})")
"""Every three letters of that in a row, as they are indexed: whatever stands in it is found without reading all."""
SHORTEST_PIECE = 3

SEARCHING = (
    f"""
create or replace function sought(number text, holder text, premises text) returns text
language sql immutable parallel safe
return lower(translate(number, '{BETWEEN}', '')) || e'\\n' || lower(holder) || e'\\n' || lower(premises)
""",
    """
create or replace function pieces(said text) returns text[]
language sql immutable parallel safe
return (select coalesce(array_agg(distinct substr(said, n, 3)), '{}') from generate_series(1, length(said) - 2) as n)
""",
)
"""SQL of the two functions that the index is made of; the migration that makes the index executes them before."""


class Status(StrEnum):
    """Where a licence is in its life. "Expired" is not stored: it follows from the date."""

    RESERVED = "reserved"
    VALID = "valid"
    SUSPENDED = "suspended"
    SURRENDERED = "surrendered"
    REVOKED = "revoked"


NOT_VALID = (Status.SUSPENDED, Status.SURRENDERED, Status.REVOKED)
"""What does not hold although its day may not have come."""
_NOT_VALID = ", ".join(f"'{status}'" for status in NOT_VALID)


class Kind(StrEnum):
    """Why an edition of a licence was made."""

    ORIGINAL = "original"
    AMENDED = "amended"
    SUBSTITUTE = "substitute"


class Reason(StrEnum):
    """Why a substitute is asked for."""

    LOST = "lost"
    DAMAGED = "damaged"


class Outcome(StrEnum):
    """How something that was under way ended."""

    DONE = "done"
    DROPPED = "dropped"


class Says(StrEnum):
    """What a letter to the holder is about."""

    INTENT = "intent"
    ORDER = "order"


class Wait(StrEnum):
    """What a licence waits for before it can be sealed."""

    CERTIFICATE = "certificate"
    """The agency's own: there is none, or it has expired, been revoked, or is meant for something else."""
    AUTHORITY = "authority"
    """Somebody outside: the time-stamp authority, or whoever says whether certificates stand."""


class Licence(Base):
    """One licence of one application. Its number is reserved before the document is drawn: a crash never burns one."""

    __tablename__ = "licences"
    __table_args__ = (
        UniqueConstraint("agency_code", "number"),  # each authority counts its own: two may both have a 1/2569
        CheckConstraint("(status = 'reserved') = (issued_at is null)", name="issued"),
        CheckConstraint("(waits_since is null) = (waits_for is null)", name="waits"),
        CheckConstraint("valid_until is null or valid_until >= valid_from", name="dates"),
        CheckConstraint("suspended_until is null or status = 'suspended'", name="suspended_until"),
        Index("ix_licences_applicant", "applicant_id"),
        Index("ix_licences_sought", text(f"pieces({_SOUGHT.format('', '', '')})"), postgresql_using="gin"),
        Index("ix_licences_squeezed", text(_SQUEEZED.format("number"))),
        Index("ix_licences_ending", "valid_until", postgresql_where=text("status = 'valid'")),
        Index("ix_licences_waiting", "tried_at", postgresql_where=text("waits_since is not null")),
        Index("ix_licences_not_valid", "status_at", postgresql_where=text(f"status in ({_NOT_VALID})")),
        Index("ix_licences_agency", "agency_code", "issued_at"),
        Index(
            "ix_licences_over",
            "valid_until",
            postgresql_where=text("over_at is null and status = 'valid' and valid_until is not null"),
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    application_id: Mapped[UUID] = mapped_column(ForeignKey("applications.id"), unique=True)
    applicant_id: Mapped[UUID] = mapped_column(ForeignKey("applicants.id"))
    number: Mapped[str] = mapped_column(String(40))
    code: Mapped[str] = mapped_column(String(20), unique=True)
    """The verification code of the edition in force; earlier editions keep theirs."""
    service_slug: Mapped[str] = mapped_column(String(80))
    service_version: Mapped[int]
    agency_code: Mapped[str] = mapped_column(String(40))
    holder: Mapped[str]
    premises: Mapped[str]
    status: Mapped[Status] = mapped_column(words(Status))
    status_ground: Mapped[str] = mapped_column(default="")
    status_at: Mapped[datetime]
    suspended_until: Mapped[date | None]
    """The last day of a suspension; None while suspended: until it is lifted."""
    follows_id: Mapped[UUID | None] = mapped_column(ForeignKey("licences.id"), unique=True)
    """The licence that this one renews."""
    over_at: Mapped[datetime | None]
    """When it was written down that its last day is over."""
    revision: Mapped[int] = mapped_column(default=0)
    """Goes up with everything that happens to it, so that a page that was drawn before never wins."""
    valid_from: Mapped[date]
    valid_until: Mapped[date | None]
    reserved_at: Mapped[datetime]
    issued_at: Mapped[datetime | None]
    waits_since: Mapped[datetime | None]
    """Reserved, but its document cannot be sealed since then: it is tried again until it can."""
    waits_for: Mapped[Wait | None] = mapped_column(words(Wait))
    tried_at: Mapped[datetime | None]
    reminded: Mapped[int | None]
    """How many days before the last one its holder was last reminded: each reminder is sent once."""


class LicenceEdition(Base):
    """ฉบับ: the licence as it was first issued, or one that took its place, under the same number.

    Its code is reserved before it is drawn. The newest issued one is in force, all before it are replaced.
    """

    __tablename__ = "licence_editions"
    __table_args__ = (
        UniqueConstraint("licence_id", "number"),
        CheckConstraint("(number = 1) = (kind = 'original')", name="first"),
        CheckConstraint("(kind = 'original') = (matter_id is null)", name="matter"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    licence_id: Mapped[UUID] = mapped_column(ForeignKey("licences.id"))
    number: Mapped[int]
    code: Mapped[str] = mapped_column(String(20), unique=True)
    kind: Mapped[Kind] = mapped_column(words(Kind))
    matter_id: Mapped[UUID | None] = mapped_column(ForeignKey("licence_matters.id"), unique=True)
    holder: Mapped[str]
    premises: Mapped[str]
    answers: Mapped[dict[str, Any]]
    """What it says otherwise than the application: values by question key."""
    ordered_at: Mapped[datetime]
    issued_at: Mapped[datetime | None]
    unfit: Mapped[str] = mapped_column(default="", server_default="")
    """Why it could not be made: it stands in nobody's way any more, and the next edition takes its place and number."""


class Matter(Base):
    """เรื่อง: something that is or was under way about a licence, from the first hand to the end."""

    __tablename__ = "licence_matters"
    __table_args__ = (
        Index(
            "uq_licence_matters_under_way", "licence_id", unique=True, postgresql_where=text("outcome is null")
        ),  # one thing at a time
        Index("ix_licence_matters_licence_id", "licence_id", "opened_at"),
        Index("ix_licence_matters_bill_id", "bill_id", postgresql_where=text("bill_id is not null")),
        CheckConstraint("(outcome is null) = (closed_at is null)", name="closed"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    licence_id: Mapped[UUID] = mapped_column(ForeignKey("licences.id"))
    action: Mapped[Action] = mapped_column(words(Action))
    stage: Mapped[Stage] = mapped_column(words(Stage))
    said: Mapped[dict[str, Any]]
    """The ground with its law, the reasons, the last day: what the letter is made of. What a holder asks for."""
    bill_id: Mapped[UUID | None] = mapped_column(ForeignKey("bills.id"))
    """What must be paid before what was signed is made."""
    opened_by: Mapped[UUID | None]
    opened_name: Mapped[str]
    opened_at: Mapped[datetime]
    object_by: Mapped[date | None]
    """The last day on which the holder can object."""
    objection: Mapped[str]
    objected_at: Mapped[datetime | None]
    outcome: Mapped[Outcome | None] = mapped_column(words(Outcome))
    closed_name: Mapped[str]
    closed_at: Mapped[datetime | None]
    answer: Mapped[str]
    """Why nothing came of it, as the holder reads it."""


class LicenceLetter(Base):
    """A letter to the holder, in the words that were confirmed; numbered first, drawn and sealed afterwards."""

    __tablename__ = "licence_letters"
    __table_args__ = (
        UniqueConstraint("agency_code", "number"),
        Index("ix_licence_letters_licence_id", "licence_id", "issued_at"),
        CheckConstraint("file_digest is null or file_digest ~ '^[0-9a-f]{64}$'", name="digest_is_sha256"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    licence_id: Mapped[UUID] = mapped_column(ForeignKey("licences.id"))
    matter_id: Mapped[UUID] = mapped_column(ForeignKey("licence_matters.id"))
    agency_code: Mapped[str] = mapped_column(String(40))
    number: Mapped[str] = mapped_column(String(40))
    says: Mapped[Says] = mapped_column(words(Says))
    content: Mapped[dict[str, Any]]
    issued_at: Mapped[datetime]
    received_at: Mapped[datetime | None]
    """When it was first opened for its holder: from then on there is time to appeal."""
    file_digest: Mapped[str | None] = mapped_column(String(64))


class LicenceDocument(Base):
    """A form of a licence's signed PDF/A-3: by which certificate, when, and what our own check found.

    Every form that was ever handed out stays known: the later ones hold the first with proof added behind it.
    """

    __tablename__ = "licence_documents"
    __table_args__ = (
        UniqueConstraint("licence_id", "form"),
        ForeignKeyConstraint(
            ["licence_id", "edition"],
            ["licence_editions.licence_id", "licence_editions.number"],
            name="fk_licence_documents_edition_licence_editions",
        ),
        Index("ix_licence_documents_proved_until", text("proved_until nulls first")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    licence_id: Mapped[UUID] = mapped_column(ForeignKey("licences.id"))
    form: Mapped[int]
    """Counts every file of the licence, through all its editions."""
    edition: Mapped[int]
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    size: Mapped[int]
    signed_at: Mapped[datetime]
    signer: Mapped[str]
    certificate_serial: Mapped[str] = mapped_column(String(64))
    certificate_fingerprint: Mapped[str] = mapped_column(String(64))
    timestamped: Mapped[bool]
    proved_until: Mapped[datetime | None]
    """Until when the proof in the file holds without asking anybody (PAdES B-LTA); None: it has none yet (B-T)."""
    checked: Mapped[dict[str, Any]]


@event.listens_for(Licence.__table__, "before_create")
def _make_searchable(_table: object, connection: Connection, **_: object) -> None:
    """Tables made without migrations (a test's database) get the functions too."""
    for statement in SEARCHING:
        connection.exec_driver_sql(statement)
