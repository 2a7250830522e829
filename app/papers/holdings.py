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
)
