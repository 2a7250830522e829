"""What this room holds about a person."""

from app.core.holdings import Holding

HELD = (
    Holding(
        "papers",
        "เอกสารที่ระบบเตรียมให้คุณ",
        ("single_form_id",),
        {"made_at": "เมื่อ", "document_key": "เอกสาร", "code": "รหัสกระดาษ", "body": "ข้อความ"},
        ("id", "single_form_id", "sha256"),
        order="made_at",
    ),
    Holding(
        "paper_signers",
        "เอกสารที่คุณได้รับเชิญให้ลงนาม",
        ("person_id",),
        {
            "document_key": "เอกสาร",
            "name": "ชื่อ",
            "signed_at": "ลงนามเมื่อ",
            "refused_at": "ไม่ลงนามเมื่อ",
            "reason": "เหตุผล",
        },
        (
            *(
                "id",
                "role",
                "name",
                "invited_at",
                "expires_at",
                "opened_at",
                "ial",
                "voided_at",
                "revoked_at",
                "paper_id",
            ),
        ),
        {
            "single_form_id": "the form of somebody else",
            "invited_by": "the data of somebody else",
            "serial": "an internal number of ours that says nothing about you",
            "reminded_at": "an internal number of ours that says nothing about you",
        },
        order="invited_at",
    ),
)
