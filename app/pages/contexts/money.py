"""Contexts of what a citizen pays: one bill, several made one, money that did not fit."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from app.catalogue.schema import Text
from app.pages.contexts.frame import FeeLine, Page, QrCode

OddKind = Literal["less", "more", "twice", "late", "withdrawn", "unmatched"]
"""Why money fits no bill: another amount, a second time, after the last moment, for a fee nobody owes, unknown."""


BillState = Literal["open", "waiting", "checking", "overdue", "paid", "expired", "replaced", "void"]


@dataclass(frozen=True, kw_only=True)
class OddMoney:
    """Money that came for this bill and did not fit: what happened, and what was decided since."""

    kind: OddKind
    satang: int
    paid_at: datetime
    transaction: str
    """The bank's own number of the payment."""
    refund_reason: str = ""
    decided_at: datetime | None = None
    returned_at: datetime | None = None
    reference: str = ""


@dataclass(frozen=True, kw_only=True)
class FeeBack:
    """A fee of this bill that goes back."""

    reason: str
    satang: int
    owed_at: datetime
    returned_at: datetime | None
    reference: str


@dataclass(frozen=True, kw_only=True)
class PayPage(Page):
    """`citizen/pay.html`: one bill. Amounts in satang.

    `waiting`: the person has paid, the bank has not spoken yet; `checking`: a bank has spoken, we are asking it;
    `overdue`: past the last moment, the bank is asked before anything is closed; `replaced`: another bill asks for it.
    """

    bill_id: UUID
    form_id: UUID
    number: str
    application_numbers: tuple[str, ...]
    services: tuple[Text, ...]
    payee: Text
    state: BillState
    satang: int
    in_words: str
    due_at: datetime
    biller_id: str
    ref1: str
    ref2: str
    lines: tuple[FeeLine, ...]
    phone: str
    qr: QrCode | None = None
    bank_href: str = ""
    """Where the bank's own pay page is, when there is one."""
    paid_at: datetime | None = None
    receipt_number: str = ""
    receipt_href: str = ""
    announced_at: datetime | None = None
    """When the bank told of the payment that is being checked."""
    disowned: bool = False
    """The bank had announced money and, asked, did not know it."""
    closed: bool = False
    """Paid in time, but told so late that the application had been closed."""
    odd: tuple[OddMoney, ...] = ()
    back: tuple[FeeBack, ...] = ()
    replaced_href: str = ""
    replaced_number: str = ""
    combines: int = 0
    """How many bills, with this one, can be made one."""
    token: str = ""


@dataclass(frozen=True, kw_only=True)
class BillChoice:
    """A bill that can be combined with others."""

    id: UUID
    number: str
    services: tuple[Text, ...]
    satang: int
    due_at: datetime
    chosen: bool


@dataclass(frozen=True, kw_only=True)
class CombinePage(Page):
    """`citizen/combine.html`: bills of one payee, to be made one."""

    payee: Text
    bills: tuple[BillChoice, ...]
    token: str = ""


# — The cash desk ——————————————————————————————————————————————————————————————————————————————————————————————————————


@dataclass(frozen=True, kw_only=True)
class HeldRow:
    """One payment in a list of the cash desk."""

    id: UUID
    kind: OddKind
    satang: int
    paid_at: datetime
    ref1: str
    ref2: str
    transaction: str
    bill_number: str


@dataclass(frozen=True, kw_only=True)
class DrawerPage(Page):
    """`officer/money.html`: what fits nothing, what goes back, what the bank has not confirmed."""

    agency: Text
    waiting: tuple[HeldRow, ...]
    to_return: tuple[HeldRow, ...]
    unconfirmed: tuple[HeldRow, ...]
    fees: tuple["FeeRow", ...]
    """What was paid for nothing and goes back."""


@dataclass(frozen=True, kw_only=True)
class FeeRow:
    """A fee to give back, in a list of the cash desk."""

    id: UUID
    transaction: str
    """The bank's number of the payment it came by."""
    payer: str
    bill_number: str
    owed_at: datetime
    satang: int


@dataclass(frozen=True, kw_only=True)
class FeePage(Page):
    """`officer/fee.html`: a fee to give back."""

    row: FeeRow
    paid_at: datetime
    ref1: str
    ref2: str
    reason: str
    returned_at: datetime | None
    reference: str
    token: str = ""


@dataclass(frozen=True, kw_only=True)
class FittingBill:
    """An open bill that the money may pay."""

    id: UUID
    number: str
    payer: str
    services: tuple[Text, ...]
    satang: int
    due_at: datetime


@dataclass(frozen=True, kw_only=True)
class MatterPage(Page):
    """`officer/matter.html`: one payment, what is known of it, and what can be done about it."""

    row: HeldRow
    payer: str
    """As the bank names the payer; empty when it does not."""
    asked_satang: int
    """What the bill it named asked for; 0 when it named none."""
    due_at: datetime | None
    bill_status: str
    owner: str
    """Whose bill it named."""
    application: str
    fitting: tuple[FittingBill, ...]
    settled: bool
    reason: str
    decided_at: datetime | None
    decided_by: str
    returned_at: datetime | None
    reference: str
    token: str = ""
