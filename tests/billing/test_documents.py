"""The papers of money say exactly what was billed and paid, to people, to payment apps and to machines."""

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from datetime import timedelta
from io import BytesIO
from typing import Any
from xml.etree import ElementTree as ET

import pikepdf
import pytest
from sqlalchemy.orm import Session

from app.billing import bills, documents, payments, receipts, thai_qr
from app.billing.models import Bill, BillLine, Payment, Receipt
from app.catalogue.agencies import Agency
from app.catalogue.texts import Text
from app.core.events import SYSTEM
from app.pdf.blocks import Qr
from app.pdf.checking import check
from app.pdf.documents import render
from app.pdf.whole import Document, Relationship
from tests.billing import world
from tests.billing.world import BANK, CLERK, DUE, NOW, PAYEE, item, paid

DESK: dict[str, Any] = {
    "code": PAYEE.agency_code,
    "name": Text(th=PAYEE.name_th, en=PAYEE.name_en),
    "address": Text(th="99 ถนนตัวอย่าง ตำบลตัวอย่าง", en="99 Example Road"),
    "phone": "0 0000 0000",
    "tax_id": "0994000165501",
}
AGENCY = Agency.model_construct(**DESK)
SPACE = f"{{{documents.NAMESPACE}}}"


class Paid:
    """A bill of 3,649.22 baht for two applications, paid and receipted."""

    def __init__(self, db: Session) -> None:
        home = world.household(db)
        fees = [item(home.food, 300_000), item(home.liquor, 64_922, "liquor-retail", "excise")]
        self.bill: Bill = bills.issue(db, payee=PAYEE, payer=home.payer, items=fees, due_at=DUE, actor=CLERK, now=NOW)
        self.lines: list[BillLine] = bills.lines(db, self.bill.id)
        payments.settle(db, paid(self.bill), NOW, BANK)
        self.payment: Payment = receipts.settling(db, self.bill.id)
        self.receipt: Receipt = receipts.reserve(db, self.bill.id, NOW + timedelta(days=1), SYSTEM)

    def receipt_document(self) -> Document:
        return documents.receipt(self.bill, self.lines, self.receipt, self.payment, AGENCY)

    def bill_document(self) -> Document:
        return documents.bill(self.bill, self.lines, AGENCY)


@pytest.fixture
def case(db: Session) -> Paid:
    return Paid(db)


def test_the_bill_says_what_is_owed_to_whom_and_until_when(case: Paid) -> None:
    said = words(case.bill_document())
    for expected in (
        PAYEE.name_th,
        "บช 2569-000001",
        "นางสาวมะลิ ตัวอย่าง",
        "5\u00a0ธันวาคม 2569 เวลา\u00a023:59\u00a0น.",
        "3,000.00",
        "649.22",
        "3,649.22",
        "สามพันหกร้อยสี่สิบเก้าบาทยี่สิบสองสตางค์",
        case.bill.ref1,
        case.bill.ref2,
        case.bill.biller_id,
        "ข้อบัญญัติตัวอย่าง",
    ):
        assert expected in said


def test_the_codes_on_the_bill_pay_exactly_this_bill(case: Paid) -> None:
    scan, counter = (block for block in parts(case.bill_document()) if isinstance(block, Qr))
    assert thai_qr.parse(scan.data) == thai_qr.BillPayment(
        case.bill.biller_id, case.bill.ref1, case.bill.ref2, case.bill.amount_satang
    )
    assert counter.data == f"|{case.bill.biller_id}\r{case.bill.ref1}\r{case.bill.ref2}\r364922"
    assert case.bill.ref1 in scan.alt


def test_the_receipt_says_who_paid_whom_for_what_and_how(case: Paid) -> None:
    said = words(case.receipt_document())
    for expected in (
        "ใบเสร็จรับเงิน",
        "รจ 2569-000001",
        "21\u00a0พฤศจิกายน 2569",
        PAYEE.name_th,
        "0-9940-00165-50-1",
        "รับเงินจาก",
        "นางสาวมะลิ ตัวอย่าง",
        "เป็นค่า",
        "ค่าธรรมเนียมหนังสือรับรองการแจ้ง",
        "3,649.22",
        "สามพันหกร้อยสี่สิบเก้าบาทยี่สิบสองสตางค์",
        "T0001",
        "บช 2569-000001",
        "20\u00a0พฤศจิกายน 2569 เวลา\u00a010:30\u00a0น.",
        "ประทับตราอิเล็กทรอนิกส์",
    ):
        assert expected in said


def test_the_receipt_carries_its_data_for_machines(case: Paid) -> None:
    (attachment,) = case.receipt_document().attachments
    assert (attachment.mime, attachment.relationship) == ("text/xml", Relationship.ALTERNATIVE)
    root = ET.fromstring(attachment.data)  # noqa: S314 - we wrote it a line above
    assert root.tag == f"{SPACE}Receipt"
    assert root.findtext(f"{SPACE}ReceiptNumber") == case.receipt.number
    assert root.findtext(f"{SPACE}IssuedAt") == "2026-11-21T09:30:00+07:00"
    assert root.findtext(f"{SPACE}Issuer/{SPACE}TaxID") == AGENCY.tax_id
    assert root.findtext(f"{SPACE}Payer/{SPACE}Name") == case.bill.payer_name
    assert root.findtext(f"{SPACE}Total") == "3649.22"
    assert [amount.text for amount in root.iterfind(f"{SPACE}Item/{SPACE}Amount")] == ["3000.00", "649.22"]
    assert root.findtext(f"{SPACE}Payment/{SPACE}TransactionID") == "T0001"


def test_the_receipt_holds_no_account_or_citizen_number_of_the_payer(case: Paid) -> None:
    case.payment.raw = world.Message.about(paid(case.bill)).said
    (attachment,) = case.receipt_document().attachments
    for secret in ("0987654321", "1234567890"):
        assert secret not in words(case.receipt_document()) + attachment.data.decode()


def test_both_papers_are_drawn_as_one_archival_page_that_passes_its_own_check(case: Paid) -> None:
    for document in (case.bill_document(), case.receipt_document()):
        pdf = render(document, NOW)
        assert check(pdf) == []
        with pikepdf.open(BytesIO(pdf)) as drawn:
            assert len(drawn.pages) == 1


def test_the_same_paper_is_drawn_to_the_same_bytes(case: Paid) -> None:
    assert render(case.receipt_document(), NOW) == render(case.receipt_document(), NOW)


def parts(block: Any) -> Iterator[Any]:
    """A document's blocks at every depth, and the values inside them."""
    yield block
    if is_dataclass(block):
        for part in fields(block):
            yield from parts(getattr(block, part.name))
    elif isinstance(block, list | tuple):
        for one in block:
            yield from parts(one)


def words(document: Document) -> str:
    return "\n".join(part for part in parts(document.blocks) if isinstance(part, str))
