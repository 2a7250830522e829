"""What this room holds about a person."""

from app.core.holdings import Holding

HELD = (
    Holding(
        "licences",
        "ใบอนุญาต",
        ("applicant_id",),
        {"number": "เลขที่", "holder": "ผู้ถือ", "premises": "สถานที่", "valid_from": "ใช้ได้ตั้งแต่", "valid_until": "ใช้ได้ถึง"},
        (
            *("id", "application_id", "code", "service_slug", "service_version", "agency_code", "status"),
            *("status_ground", "status_at", "reserved_at", "issued_at", "waits_since", "waits_for", "tried_at"),
            *("suspended_until", "follows_id", "over_at", "revision"),
            "reminded",
        ),
        order="reserved_at",
    ),
    Holding(
        "licence_documents",
        "ไฟล์ใบอนุญาต",
        ("licence_id",),
        {"signed_at": "ลงนามเมื่อ", "signer": "ผู้ลงนาม", "size": "ขนาด (ไบต์)", "digest": "ลายนิ้วมือ SHA-256"},
        (
            *("id", "licence_id", "form", "edition", "certificate_serial", "certificate_fingerprint"),
            *("timestamped", "proved_until", "checked"),
        ),
        order="signed_at",
    ),
    Holding(
        "licence_editions",
        "ฉบับของใบอนุญาต",
        ("licence_id",),
        {"number": "ฉบับที่", "kind": "เพราะ", "holder": "ผู้ถือ", "premises": "สถานที่", "issued_at": "ออกเมื่อ"},
        ("id", "licence_id", "code", "matter_id", "answers", "ordered_at", "unfit"),
        order="ordered_at",
    ),
    Holding(
        "licence_matters",
        "เรื่องเกี่ยวกับใบอนุญาต",
        ("licence_id",),
        {"action": "เรื่อง", "opened_at": "เริ่มเมื่อ", "objection": "คำโต้แย้งของคุณ", "outcome": "ผล", "answer": "คำตอบ"},
        ("id", "licence_id", "stage", "object_by", "objected_at", "closed_at", "bill_id"),
        withheld={
            "said": "หน่วยงานเสนอกันภายในจนกว่าจะลงชื่อ สิ่งที่ลงชื่อแล้วอยู่ในหนังสือถึงคุณ",
            **dict.fromkeys(("opened_by", "opened_name", "closed_name"), "ชื่อเจ้าหน้าที่เป็นบันทึกของหน่วยงาน"),
        },
        order="opened_at",
    ),
    Holding(
        "licence_letters",
        "หนังสือเกี่ยวกับใบอนุญาต",
        ("licence_id",),
        {
            "number": "เลขที่",
            "says": "เรื่อง",
            "issued_at": "ออกเมื่อ",
            "received_at": "เปิดครั้งแรกเมื่อ",
            "content": "ข้อความ",
        },
        ("id", "licence_id", "matter_id", "agency_code", "file_digest"),
        order="issued_at",
    ),
    Holding(
        "licence_shares",
        "ลิงก์ที่คุณสร้างให้ผู้อื่นดูใบอนุญาต",
        ("licence_id",),
        {
            "name": "ให้ใคร",
            "until": "เปิดได้ถึง",
            "created_at": "สร้างเมื่อ",
            "revoked_at": "ปิดเมื่อ",
            "opened": "เปิดดูแล้ว (ครั้ง)",
            "last_opened_at": "เปิดดูล่าสุด",
        },
        ("id", "licence_id"),
        {
            "secret": "the key in the address, kept as a hash",
            "sealed": "the key itself, sealed",
            "created_by": "the data of somebody else",
        },
        order="created_at",
    ),
)
