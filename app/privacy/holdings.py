"""What this room holds about a person, and what happened, which the event log keeps."""

from app.core.holdings import Elsewhere, Holding

OFFICIAL = "which official did it: told as position and agency, and kept for complaints"

HELD = (
    Holding(
        "acknowledgements",
        "หนังสือแจ้งที่คุณรับทราบ",
        ("person_id",),
        {"at": "เมื่อ", "text_digest": "ลายนิ้วมือ SHA-256"},
        ("id", "single_form_id"),
        order="at",
    ),
    Holding(
        "consents",
        "ความยินยอม",
        ("person_id",),
        {"at": "เมื่อ", "purpose": "เรื่อง", "given": "อนุญาต"},
        ("id", "text_digest"),
        order="at",
    ),
    Holding(
        "access_log",
        "ใครดูข้อมูลของคุณ",
        ("person_id",),
        {"at": "เมื่อ", "agency": "หน่วยงาน", "position": "ตำแหน่ง", "what": "ดูอะไร", "purpose": "เพื่ออะไร"},
        ("id", "viewer_kind", "agency_code", "application_id", "reference"),
        {"officer_id": OFFICIAL},
        order="at",
    ),
    Holding(
        "subject_requests",
        "คำขอเรื่องข้อมูลของคุณ",
        ("person_id",),
        {"number": "เลขที่", "asked_at": "เมื่อ", "text": "ข้อความ", "answer": "คำตอบ", "answered_at": "ตอบเมื่อ"},
        ("id", "person_name", "agency_code", "right", "due_on", "state"),
        {"answered_by": OFFICIAL},
        order="asked_at",
    ),
    Holding(
        "data_copies",
        "สำเนาข้อมูลที่คุณขอ",
        ("person_id",),
        {"asked_at": "ขอเมื่อ", "ready_at": "พร้อมเมื่อ", "expires_at": "เก็บไว้ถึง", "taken": "ดาวน์โหลด (ครั้ง)"},
        ("id", "language", "gone_at"),
        {"files": "the copies themselves"},
        order="asked_at",
    ),
    Holding(
        "events",
        "สิ่งที่เกิดขึ้น",
        ("acted_by",),
        {"at": "เมื่อ", "kind": "เหตุการณ์", "stream": "ลำดับเหตุการณ์"},
        ("seq", "actor_kind", "actor_name", "subject_id", "digest"),
        {
            "applicant_id": "for whom you acted, who may be somebody else",
            "facts": "may name others; what concerns you stands in your applications",
            "previous": "the chain's own seal",
        },
        order="at",
    ),
)

NOT_HELD = (Elsewhere("legal_holds", "an agency's reason to keep a case, which may concern a dispute with others"),)
