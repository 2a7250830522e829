"""What this room holds about a person."""

from app.core.holdings import Holding

HELD = (
    Holding(
        "form_questions",
        "คำถามที่คุณถามระหว่างกรอก",
        ("applicant_id",),
        {"asked_at": "เมื่อ", "text": "คำถาม", "answer": "คำตอบ", "answered_at": "ตอบเมื่อ"},
        ("id", "service_slug", "service_version", "agency_code", "page", "about", "shared_as"),
        {
            "asked_by": "the data of somebody else",
            "single_form_id": "an internal number of ours that says nothing about you",
            "officer_id": "which official did it: told as position and agency, and kept for complaints",
        },
        order="asked_at",
    ),
)
