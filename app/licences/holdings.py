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
        ),
        order="reserved_at",
    ),
    Holding(
        "licence_documents",
        "ไฟล์ใบอนุญาต",
        ("licence_id",),
        {"signed_at": "ลงนามเมื่อ", "signer": "ผู้ลงนาม", "size": "ขนาด (ไบต์)", "digest": "ลายนิ้วมือ SHA-256"},
        (
            *("id", "licence_id", "edition", "certificate_serial", "certificate_fingerprint"),
            *("timestamped", "proved_until", "checked"),
        ),
        order="signed_at",
    ),
)
