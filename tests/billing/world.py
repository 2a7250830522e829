"""What billing needs around it in a test: applicants with applications, a collecting account, and a bank that signs."""

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from hypothesis import HealthCheck, settings
from sqlalchemy import ARRAY, Boolean, Date, DateTime, Enum, Integer, Numeric, Uuid
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Session

from app.billing import bills
from app.billing.bills import Item, Payee, Payer
from app.billing.confirmation import CHANNEL, Confirmation
from app.billing.models import Bill
from app.core.clock import BANGKOK
from app.core.db import Base, new_id
from app.core.events import Actor

LAWS = settings(deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture])
"""How the laws of this room are tried: the same examples on every machine, however slow it is."""

NOW = datetime(2026, 11, 20, 2, 30, tzinfo=UTC)
"""Friday 20 November 2026, 09.30 in Bangkok."""

DUE = datetime(2026, 12, 5, 16, 59, 59, tzinfo=UTC)
PAYEE = Payee("nb-samutthara", "เทศบาลเมืองตัวอย่าง", "Example Town Municipality", "099400016550100")
CLERK = Actor("officer", UUID(int=7), "ปรีชา ตัวอย่าง")
BANK = Actor("bank", None, "ธนาคารตัวอย่าง")
FEE = 200_000
BOOKING = UUID(int=11)


@dataclass(frozen=True)
class Household:
    """An applicant and two of their applications."""

    applicant_id: UUID
    food: UUID
    liquor: UUID

    @property
    def payer(self) -> Payer:
        return Payer(self.applicant_id, "นางสาวมะลิ ตัวอย่าง")


def household(db: Session) -> Household:
    """A new applicant with two applications, written straight into the tables of the rooms beside us."""
    applicant = _row(db, "applicants", kind="person", person_id=_row(db, "people"))
    form = _row(db, "single_forms", applicant_id=applicant)
    food, liquor = (
        _row(db, "applications", applicant_id=applicant, single_form_id=form, service_slug=slug)
        for slug in ("food-notify", "liquor-retail")
    )
    return Household(applicant, food, liquor)


def application(db: Session, home: Household) -> UUID:
    """One more application of the same applicant."""
    form = _row(db, "single_forms", applicant_id=home.applicant_id)
    return _row(db, "applications", applicant_id=home.applicant_id, single_form_id=form, service_slug="food-notify")


def officer(db: Session) -> Actor:
    """A cashier of the collecting agency."""
    return Actor("officer", _row(db, "officers"), "สาธิต สาม")


def bill_of(db: Session, home: Household, satang: int = FEE, due_at: datetime = DUE, now: datetime = NOW) -> Bill:
    """A new bill of one fee for a new application of this applicant."""
    fees = [item(application(db, home), satang)]
    return bills.issue(db, payee=PAYEE, payer=home.payer, items=fees, due_at=due_at, actor=CLERK, now=now)


def item(application_id: UUID, satang: int = FEE, slug: str = "food-notify", agency: str = "nb-samutthara") -> Item:
    """One fee of an application."""
    return Item(
        application_id,
        agency,
        slug,
        "ค่าธรรมเนียมหนังสือรับรองการแจ้ง",
        "Notification fee",
        "ข้อบัญญัติตัวอย่าง",
        satang,
    )


def bill(db: Session, satang: int = FEE, due_at: datetime = DUE, now: datetime = NOW, payee: Payee = PAYEE) -> Bill:
    """A new bill of one fee for a new applicant."""
    home = household(db)
    return bills.issue(
        db, payee=payee, payer=home.payer, items=[item(home.food, satang)], due_at=due_at, actor=CLERK, now=now
    )


def unsaved_bill() -> Bill:
    """A bill that no database knows."""
    return Bill(biller_id=PAYEE.biller_id, ref1="25690000001", ref2="26120500", amount_satang=FEE)


def paid(bill: Bill, transaction_id: str = "T0001", **other: Any) -> Confirmation:
    """The bank's confirmation that exactly this bill was paid; `other` replaces parts of it."""
    facts: dict[str, Any] = {
        "channel": CHANNEL,
        "transaction_id": transaction_id,
        "biller_id": bill.biller_id,
        "ref1": bill.ref1,
        "ref2": bill.ref2,
        "satang": bill.amount_satang,
        "paid_at": NOW + timedelta(hours=1),
    }
    return Confirmation(**facts | other)


@dataclass
class Message:
    """The body of a callback as SCB's documents show it; change any member before sending it."""

    said: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def about(cls, confirmation: Confirmation, **other: Any) -> "Message":
        return cls(
            {
                "payeeProxyId": confirmation.biller_id,
                "payeeProxyType": "BILLERID",
                "payeeAccountNumber": "1234567890",
                "payeeName": "Example Town",
                "payerProxyId": "",
                "payerProxyType": "ACCOUNT",
                "payerAccountNumber": "0987654321",
                "payerName": "มะลิ ตัวอย่าง",
                "sendingBankCode": "014",
                "receivingBankCode": "014",
                "amount": f"{confirmation.satang // 100}.{confirmation.satang % 100:02d}",
                "transactionId": confirmation.transaction_id,
                "transactionDateandTime": confirmation.paid_at.astimezone(BANGKOK).isoformat(),
                "billPaymentRef1": confirmation.ref1,
                "billPaymentRef2": confirmation.ref2,
                "billPaymentRef3": "BIZ",
                "currencyCode": "764",
                "channelCode": "PMH",
                "transactionType": "Domestic Transfers",
                **other,
            }
        )

    @property
    def body(self) -> bytes:
        return json.dumps(self.said, ensure_ascii=False).encode()


def _row(db: Session, name: str, **given: Any) -> UUID:
    """A row of another room's table: what is not given and may not be empty gets the plainest value of its type."""
    table = Base.metadata.tables[name]
    values = {"id": new_id(), **given}
    for column in table.columns:
        if not column.nullable and column.name not in values:
            parent = next((link.column.table.name for link in column.foreign_keys), None)
            values[column.name] = _row(db, parent) if parent else _value(column.type, values["id"])
    db.execute(table.insert().values(values))
    return values["id"]


def _value(kind: object, key: UUID) -> Any:
    if isinstance(kind, Enum):
        return kind.enums[0]
    plainest = {
        Uuid: key,
        Boolean: False,
        Integer: 1,
        Numeric: 1,
        DateTime: NOW,
        Date: NOW.date(),
        JSONB: {},
        ARRAY: [],
    }
    found = [value for family, value in plainest.items() if isinstance(kind, family)]
    return found[0] if found else key.hex[-(getattr(kind, "length", None) or 32) :]
