"""What this room holds about a person."""

from app.core.holdings import Holding

OURS = "an internal number of ours that says nothing about you"
OFFICIAL = "which official did it: told as the agency, and kept for complaints"

HELD = (
    Holding(
        "bills",
        "ใบแจ้งชำระ",
        ("applicant_id",),
        {"number": "เลขที่", "payee_th": "จ่ายให้", "amount_satang": "บาท", "issued_at": "ออกเมื่อ", "paid_at": "จ่ายเมื่อ"},
        (
            "id",
            "agency_code",
            "payee_en",
            "biller_id",
            "ref1",
            "ref2",
            "payer_name",
            "status",
            "due_at",
            "replaced_by",
            "file_digest",
        ),
        order="issued_at",
    ),
    Holding(
        "bill_lines",
        "รายการในใบแจ้งชำระ",
        ("bill_id",),
        {"label_th": "รายการ", "law": "ตาม", "satang": "บาท"},
        ("bill_id", "position", "application_id", "agency_code", "service_slug", "label_en"),
    ),
    Holding(
        "payments",
        "การชำระเงิน",
        ("bill_id",),
        {"transaction_id": "เลขรายการของธนาคาร", "amount_satang": "บาท", "paid_at": "จ่ายเมื่อ"},
        ("id", "channel", "biller_id", "ref1", "ref2", "received_at", "booked_at", "status", "bill_id"),
        {"raw": "the bank's own message, which may name the holder of another account"},
        order="paid_at",
    ),
    Holding(
        "refunds",
        "เงินที่คืน",
        ("payment_id",),
        {"decided_at": "เมื่อ", "reason": "เพราะ", "reference": "เลขรายการของธนาคาร", "returned_at": "คืนเมื่อ"},
        ("payment_id", "agency_code"),
        {"officer_id": OFFICIAL, "officer_name": OFFICIAL},
        order="decided_at",
    ),
    Holding(
        "fee_returns",
        "ค่าธรรมเนียมที่คืน",
        ("bill_id",),
        {
            "owed_at": "เมื่อ",
            "satang": "บาท",
            "reason": "เพราะ",
            "reference": "เลขรายการของธนาคาร",
            "returned_at": "คืนเมื่อ",
        },
        ("id", "bill_id", "application_id", "payment_id", "biller_id"),
        order="owed_at",
    ),
    Holding(
        "receipts",
        "ใบเสร็จรับเงิน",
        ("bill_id",),
        {"number": "เลขที่", "agency_code": "หน่วยงาน", "issued_at": "ออกเมื่อ"},
        ("id", "bill_id", "payment_id", "file_digest"),
        order="issued_at",
    ),
)
