"""What this room holds about a person."""

from app.core.holdings import Elsewhere, Holding

OURS = "an internal number of ours that says nothing about you"
SECRET = "it protects your account"  # noqa: S105 - a reason, not a secret
OTHERS = "the data of somebody else"

HELD = (
    Holding(
        "people",
        "ตัวคุณ",
        (),
        {
            "citizen_id": "เลขประจำตัวประชาชน",
            "title": "คำนำหน้า",
            "given_name": "ชื่อ",
            "family_name": "นามสกุล",
            "name_en": "ชื่อภาษาอังกฤษ",
            "birth_date": "วันเกิด",
            "created_at": "รู้จักครั้งแรกเมื่อ",
        },
        ("id",),
        {"citizen_index": SECRET},
        sealed=("citizen_id",),
    ),
    Holding(
        "accounts",
        "บัญชีที่คุณใช้เข้าสู่ระบบ",
        ("person_id",),
        {"issuer": "ผู้ให้บริการ", "ial": "ระดับการยืนยันตัวตน", "last_sign_in_at": "ใช้ล่าสุดเมื่อ"},
        ("id", "subject", "created_at"),
        {"organisation_id": OURS},
    ),
    Holding(
        "applicants",
        "คุณในฐานะผู้ยื่น",
        ("person_id",),
        {"kind": "ยื่นในฐานะ", "created_at": "เมื่อ"},
        ("id",),
        {"organisation_id": OURS},
    ),
    Holding(
        "sessions",
        "การเข้าสู่ระบบ",
        ("person_id",),
        {"created_at": "เมื่อ", "device": "เครื่อง", "last_seen_at": "ใช้ล่าสุดเมื่อ", "ended_at": "ออกเมื่อ"},
        ("id", "kind", "ial", "expires_at", "ended_why", "account_id"),
        {
            "token_hash": SECRET,
            "id_token": SECRET,
            "officer_id": OURS,
            "party_id": OURS,
            "organisation_id": OURS,
            "mandate_id": OURS,
        },
        order="created_at",
    ),
    Holding(
        "mandates",
        "การมอบอำนาจ",
        ("principal_id", "agent_id", "given_by"),
        {"given_at": "เมื่อ", "given_name": "ผู้มอบ", "agent_name": "ผู้รับมอบ", "until": "ใช้ได้ถึง", "revoked_at": "เพิกถอนเมื่อ"},
        ("id", "services", "accepted_at"),
        {"agent_index": SECRET, "code_index": SECRET, "revoked_by": OTHERS},
        order="given_at",
    ),
)

NOT_HELD = (Elsewhere("organisations", "a juristic person's own record, published by the business registry"),)
