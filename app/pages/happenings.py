"""Events in words, for a timeline: who by role, what in the reader's language."""

from collections.abc import Iterable
from uuid import UUID

from app.core.events import Event
from app.core.i18n import gettext as _
from app.pages.contexts.frame import Happening

WORDS = {
    "form.start": "เริ่มกรอกแบบฟอร์ม",
    "form.submit": "ส่งแบบฟอร์มเดียว %(reference)s",
    "form.dispute": "แจ้งว่าข้อมูลจากทะเบียนไม่ตรง",
    "application.submit": "หน่วยงานได้รับคำขอ %(number)s",
    "application.take": "เจ้าหน้าที่รับเรื่องไปตรวจ",
    "application.release": "เจ้าหน้าที่คืนเรื่องให้เพื่อนร่วมงาน",
    "application.return": "ขอให้แก้ไขครั้งเดียว นาฬิกายังไม่เริ่ม",
    "application.mend": "ส่งที่แก้แล้วกลับ",
    "application.accept": "เอกสารครบ เริ่มนับเวลาตามกฎหมาย",
    "application.approve": "อนุญาต",
    "application.reject": "ไม่อนุญาต",
    "application.close_incomplete": "คืนคำขอเพราะยังไม่ครบ",
    "application.pay": "ได้รับค่าธรรมเนียมแล้ว",
    "application.issue": "ออกเอกสาร %(licence)s",
    "application.withdraw": "ถอนคำขอ",
    "application.lapse": "คำขอสิ้นสุดเพราะพ้นกำหนด",
    "bill_issued": "ออกใบแจ้งชำระ %(number)s",
    "bill_paid": "ชำระใบแจ้ง %(number)s แล้ว",
    "bill_void": "ยกเลิกใบแจ้งชำระ %(number)s",
    "bill_expired": "ใบแจ้งชำระ %(number)s หมดเวลา",
    "receipt_issued": "ออกใบเสร็จ %(number)s",
    "payment_duplicate": "มีเงินเข้าซ้ำ",
    "payment_wrong_amount": "มีเงินเข้าไม่ตรงยอด",
    "payment_late": "มีเงินเข้าหลังกำหนด",
}
"""What each kind of event is called (msgids); kinds without words are for auditors, not for this list."""

ROLES = {"citizen": "ผู้ยื่น", "system": "ระบบจุดเดียว", "bank": "ธนาคาร"}


def told(found: Iterable[Event], reader: UUID | None, agency: str, *, names: bool = False) -> tuple[Happening, ...]:
    """The events as a thread, newest first. `names`: officers see each other's names, the person sees the agency."""
    seen = sorted((event for event in found if event.kind in WORDS), key=lambda e: (e.at, e.seq), reverse=True)
    return tuple(
        Happening(
            at=event.at,
            what=_(WORDS[event.kind]) % _Facts(event.facts),
            who=_who(event, agency, names=names),
            by_you=reader is not None and event.acted_by == reader,
        )
        for event in seen
    )


def _who(event: Event, agency: str, *, names: bool) -> str:
    if event.actor_kind == "officer":
        return event.actor_name if names else agency
    if names and event.actor_kind == "citizen":
        return event.actor_name
    return _(ROLES[event.actor_kind])


class _Facts(dict[str, object]):
    """Facts for a sentence; one that an old event lacks is simply not said."""

    def __missing__(self, key: str) -> str:
        return ""
