"""Contexts of what a citizen pays: one bill, several made one, money that did not fit."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from app.catalogue.schema import Text
from app.pages.contexts.frame import FeeLine, Page, QrCode


@dataclass(frozen=True, kw_only=True)
class PayPage(Page):
    """`citizen/pay.html`: one bill. Amounts in satang.

    `waiting`: the person has paid, the bank has not spoken yet; `checking`: a bank has spoken, we are asking it.
    """

    bill_id: UUID
    form_id: UUID
    number: str
    application_number: str
    service: Text
    payee: Text
    state: Literal["open", "waiting", "checking", "paid", "expired", "void"]
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
    wrong_amount: int = 0
    """Satang of a payment that did not match; it is kept for the agency to return."""
    paid_twice: int = 0
    """Satang that arrived again for a bill already paid."""
    paid_late: int = 0
    """Satang that arrived after the last day."""
    token: str = ""
