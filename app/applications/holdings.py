"""What this room holds about a person."""

from app.core.holdings import Elsewhere, Holding

OTHERS = "the data of somebody else"
OFFICIAL = "which official did it: told as position and agency, and kept for complaints"
INNER = "how officers deliberate among themselves; never part of what is told to anybody"
OURS = "an internal number of ours that says nothing about you"

HELD = (
    Holding(
        "single_forms",
        "แบบฟอร์ม",
        ("applicant_id",),
        {"reference": "เลขที่แบบฟอร์ม", "created_at": "เริ่มเมื่อ", "submitted_at": "ส่งเมื่อ", "expires_at": "แบบร่างเก็บไว้ถึง"},
        (
            *("id", "state", "language", "prefill", "prefill_at", "registries", "acknowledged_at", "updated_at"),
            *("snapshot", "snapshot_sha256", "receipt_digest"),
        ),
        {"started_by": OTHERS, "submitted_by": OTHERS, "idempotency_key": OURS, "reminded_at": OURS, "corrects": OURS},
        order="created_at",
    ),
    Holding(
        "filings",
        "ฉบับก่อนของคำขอที่คุณแก้แล้วส่งใหม่",
        ("single_form_id",),
        {"number": "ฉบับที่", "submitted_at": "ส่งเมื่อ", "replaced_at": "ใช้ถึง", "snapshot": "คำตอบทั้งหมดตามที่ส่ง"},
        ("single_form_id", "snapshot_sha256", "receipt_digest"),
        {"submitted_by": OTHERS},
        order="submitted_at",
    ),
    Holding(
        "change_requests",
        "คำตอบที่คุณขอแก้หลังส่ง",
        ("application_id",),
        {
            "key": "คำถาม",
            "before": "เดิม",
            "value": "ขอแก้เป็น",
            "why": "เพราะ",
            "asked_at": "ขอเมื่อ",
            "state": "สถานะ",
            "reason": "เหตุผลของเจ้าหน้าที่",
        },
        ("id", "application_id", "quote", "fee_satang", "answered_at"),
        {"asked_by": OTHERS, "officer_id": OFFICIAL, "officer_name": OFFICIAL},
        order="asked_at",
    ),
    Holding(
        "chosen_services",
        "งานบริการในแบบฟอร์ม",
        ("single_form_id",),
        {"service_slug": "งานบริการ", "service_version": "รุ่น"},
        ("single_form_id", "position"),
    ),
    Holding(
        "answers",
        "คำตอบของคุณ",
        ("single_form_id",),
        {"key": "คำถาม", "value": "คำตอบ", "source": "มาจาก", "at": "เมื่อ"},
        ("single_form_id", "raw", "problem", "revision", "source_at", "fetched", "disputed", "reused_from"),
        {"answered_by": OTHERS},
        order="at",
    ),
    Holding(
        "uploads",
        "ไฟล์ที่คุณแนบ",
        ("single_form_id",),
        {"filename": "ชื่อไฟล์", "size": "ขนาด (ไบต์)", "uploaded_at": "เมื่อ", "digest": "ลายนิ้วมือ SHA-256"},
        ("id", "single_form_id", "document_key", "media_type", "state", "problem", "pages", "removed_at"),
        {"uploaded_by": OTHERS, "previews": "pictures of the pages of the file itself", "deficiency_item_id": OURS},
        order="uploaded_at",
    ),
    Holding(
        "applications",
        "คำขอ",
        ("applicant_id",),
        {
            "number": "เลขคำขอ",
            "agency_code": "หน่วยงาน",
            "state": "สถานะ",
            "submitted_at": "ส่งเมื่อ",
            "closed_at": "สิ้นสุดเมื่อ",
        },
        (
            *("id", "single_form_id", "service_slug", "service_version", "office_code", "applicant_name"),
            *("premises_name", "answers", "documents", "quote", "fee_satang", "received_on", "complete_from"),
            *("check_by", "due_on", "decided_at", "decision", "delay_reason", "delay_told_at"),
        ),
        {
            "revision": OURS,
            "taken_by": OFFICIAL,
            "taken_at": INNER,
            "decided_by": OFFICIAL,
            "proposal": INNER,
            "proposed_at": INNER,
            "proposed_by": OFFICIAL,
        },
        order="submitted_at",
    ),
    Holding(
        "clock_moves",
        "การนับเวลาตามกฎหมาย",
        ("application_id",),
        {"at": "เมื่อ", "tick": "นาฬิกา", "reason": "เพราะ"},
        ("application_id", "seq"),
        order="at",
    ),
    Holding(
        "deficiency_notices",
        "บันทึกข้อบกพร่อง",
        ("application_id",),
        {
            "issued_at": "เมื่อ",
            "officer_position": "ตำแหน่ง",
            "mend_by": "แก้ภายใน",
            "message": "ข้อความ",
            "mended_at": "แก้แล้วเมื่อ",
        },
        ("id", "application_id"),
        {"officer_id": OFFICIAL, "officer_name": OFFICIAL},
        order="issued_at",
    ),
    Holding(
        "deficiency_items",
        "สิ่งที่ขอให้แก้",
        ("notice_id",),
        {"key": "เรื่อง", "instruction": "สิ่งที่ต้องทำ", "answered_at": "แก้แล้วเมื่อ"},
        ("id", "notice_id", "position", "kind", "reason", "value", "raw", "problem"),
    ),
    Holding(
        "decision_letters",
        "หนังสือแจ้งผล",
        ("application_id",),
        {"number": "เลขที่", "issued_at": "ออกเมื่อ", "appeal_by": "อุทธรณ์ภายใน"},
        ("application_id", "agency_code", "file_digest"),
        order="issued_at",
    ),
    Holding(
        "standings",
        "ใครส่งแทนใคร",
        ("single_form_id", "person_id"),
        {"at": "เมื่อ", "person_name": "ผู้ส่ง", "basis": "อำนาจ"},
        ("single_form_id", "needs_officer"),
        {"said": "the directors and the authorising text of a company", "mandate_id": OURS},
        order="at",
    ),
    Holding(
        "support_checks",
        "ใบที่ต้องมีก่อน และเจ้าหน้าที่เห็นจากที่อื่นหรือกฎหมายไม่บังคับ",
        ("application_id",),
        {"at": "เมื่อ", "service_slug": "งานบริการ", "note": "เหตุผล"},
        ("application_id", "ground"),
        {"officer_id": OFFICIAL, "officer_name": OFFICIAL},
        order="at",
    ),
)

NOT_HELD = (
    Elsewhere("standing_checks", OFFICIAL),
    Elsewhere("check_marks", INNER),
    Elsewhere("internal_notes", INNER),
)
