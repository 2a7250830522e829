"""What this room holds about a person."""

from app.core.holdings import Holding

HELD = (
    Holding(
        "inbox_lines",
        "ข้อความถึงคุณ",
        ("applicant_id",),
        {"at": "เมื่อ", "kind": "เรื่อง", "read_at": "อ่านเมื่อ"},
        ("id", "facts", "href"),
        order="at",
    ),
)
