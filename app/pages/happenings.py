"""Events in words, for a timeline: who by role, what in the reader's language."""

from collections.abc import Iterable, Mapping
from uuid import UUID

from app.core.events import Event
from app.core.i18n import gettext as _
from app.pages.contexts.frame import Happening

WORDS = {
    "form.start": "เริ่มกรอกแบบฟอร์ม",
    "form.choose": "เปลี่ยนเรื่องที่ยื่นในแบบฟอร์ม",
    "form.dispute": "แจ้งว่าข้อมูลจากทะเบียนไม่ตรง",
    "form.submit": "ส่งแบบฟอร์มเดียว %(reference)s",
    "application.submit": "หน่วยงานได้รับคำขอ %(number)s",
    "form.correct": "เริ่มแก้แบบฟอร์มที่ส่งแล้ว ฉบับเดิมยังมีผล",
    "form.refile": "แก้แล้วส่งใหม่ %(reference)s แทนฉบับเดิม",
    "application.refile": "ผู้ยื่นแก้แล้วส่งใหม่ก่อนมีเจ้าหน้าที่รับเรื่อง",
    "application.take": "เจ้าหน้าที่รับเรื่องไปตรวจ",
    "application.release": "เจ้าหน้าที่คืนเรื่องให้เพื่อนร่วมงาน",
    "application.hand_over": "เจ้าหน้าที่ส่งเรื่องต่อให้เพื่อนร่วมงาน",
    "application.take_over": "เจ้าหน้าที่รับเรื่องแทนเพื่อนร่วมงาน",
    "application.return": "ขอให้แก้ไขครั้งเดียว นาฬิกายังไม่เริ่ม",
    "application.countersign": "ลงชื่อรับทราบบันทึกข้อบกพร่อง %(number)s",
    "application.mend": "ส่งที่แก้แล้วกลับ",
    "form.renew": "เริ่มต่ออายุใบเลขที่ %(number)s ด้วยคำตอบและเอกสารเดิม",
    "application.renew_by_fee": "ต่ออายุโดยชำระค่าธรรมเนียมแทนการยื่นคำขอ",
    "application.accept": "เอกสารครบ เริ่มนับเวลาตามกฎหมาย",
    "application.ask_change": "ผู้ยื่นขอแก้คำตอบ นาฬิกาเดินต่อ",
    "application.take_back_change": "ผู้ยื่นยกเลิกคำขอแก้คำตอบ",
    "application.accept_change": "เจ้าหน้าที่รับการแก้คำตอบ",
    "application.refuse_change": "เจ้าหน้าที่ไม่รับการแก้คำตอบ เหตุ: %(reason)s",
    "application.delay": "พิจารณายังไม่เสร็จตามเวลาในคู่มือ เหตุ: %(reason)s",
    "application.delay_unexplained": "พิจารณายังไม่เสร็จตามเวลา และยังไม่มีเหตุใหม่จากหน่วยงาน",
    "application.letter": "ออกหนังสือ %(number)s",
    "application.propose_approval": "เสนอให้อนุญาต",
    "application.propose_refusal": "เสนอไม่อนุญาต",
    "application.recall": "เรียกข้อเสนอกลับ",
    "application.send_back": "ส่งข้อเสนอกลับให้แก้",
    "application.confirm_standing": "เจ้าหน้าที่ยืนยันอำนาจของผู้ส่งแทนนิติบุคคล",
    "application.see_support": "เจ้าหน้าที่เห็นใบที่ต้องมีก่อนแล้ว: %(note)s",
    "application.spare_support": "พิจารณาได้โดยไม่ต้องมีใบที่ต้องมีก่อน (%(law)s): %(note)s",
    "application.approve": "อนุญาต",
    "bill_issued": "ออกใบแจ้งชำระ %(number)s",
    "application.reject": "ไม่อนุญาต",
    "application.close_incomplete": "คืนคำขอเพราะยังไม่ครบ",
    "letter_issued": "ออกหนังสือแจ้งผล %(number)s",
    "payment_wrong_amount": "มีเงินเข้าไม่ตรงยอด",
    "payment_late": "มีเงินเข้าหลังกำหนด",
    "bill_restored": "มีเงินเข้าตามใบแจ้งเดิม %(number)s จึงกลับมาใช้ใบเดิม",
    "bill_paid": "ชำระใบแจ้ง %(number)s แล้ว",
    "application.pay": "ได้รับค่าธรรมเนียมแล้ว",
    "receipt_issued": "ออกใบเสร็จ %(number)s",
    "payment_duplicate": "มีเงินเข้าซ้ำ",
    "application.issue": "ออกเอกสาร %(licence)s",
    "application.issue_nothing": "ดำเนินการเสร็จแล้ว",
    "application.withdraw": "ถอนคำขอ",
    "application.lapse": "คำขอสิ้นสุดเพราะพ้นกำหนด",
    "application.cease": "คำขอสิ้นสุดเพราะใบที่ขอต่ออายุใช้ไม่ได้อีก",
    "bill_void": "ยกเลิกใบแจ้งชำระ %(number)s",
    "payment_assigned": "การเงินใช้เงินที่เข้ามาจ่ายใบแจ้ง %(bill)s",
    "refund_decided": "การเงินตัดสินคืนเงินที่ไม่ตรงใบแจ้ง",
    "refund_returned": "โอนเงินคืนแล้ว เลขที่ %(reference)s",
    "fee_owed_back": "ค่าธรรมเนียมที่ชำระแล้วต้องคืน รอการเงินโอนคืน",
    "fee_returned": "โอนค่าธรรมเนียมคืนแล้ว เลขที่ %(reference)s",
    "bill_expired": "ใบแจ้งชำระ %(number)s หมดเวลา",
    "licence.issue": "ออกใบ %(number)s",
    "licence.ask_amend": "ผู้ถือขอแก้ข้อมูลในใบ",
    "licence.ask_substitute": "ผู้ถือขอใบแทน",
    "licence.announce_suspend": "แจ้งเหตุที่อาจพักใช้ ให้โต้แย้ง",
    "licence.announce_revoke": "แจ้งเหตุที่อาจเพิกถอน ให้โต้แย้ง",
    "licence.announce_reinstate": "แจ้งเหตุที่อาจให้กลับมาใช้",
    "licence.object_suspend": "ผู้ถือโต้แย้ง",
    "licence.object_revoke": "ผู้ถือโต้แย้ง",
    "licence.object_reinstate": "ผู้ถือโต้แย้ง",
    "licence.propose_suspend": "เสนอพักใช้",
    "licence.propose_reinstate": "เสนอให้กลับมาใช้",
    "licence.propose_revoke": "เสนอเพิกถอน",
    "licence.propose_amend": "เสนอแก้ไขข้อมูล",
    "licence.propose_substitute": "เสนอออกใบแทน",
    "licence.drop_suspend": "ยุติเรื่องพักใช้",
    "licence.drop_reinstate": "ยุติเรื่องให้กลับมาใช้",
    "licence.drop_revoke": "ยุติเรื่องเพิกถอน",
    "licence.drop_amend": "ไม่แก้ไขข้อมูล หรือถอนคำขอ",
    "licence.drop_substitute": "ไม่ออกใบแทน หรือถอนคำขอ",
    "licence.suspend": "พักใช้ เหตุ: %(ground)s",
    "licence.reinstate": "กลับมาใช้ได้ เหตุ: %(ground)s",
    "licence.revoke": "เพิกถอน เหตุ: %(ground)s",
    "licence.surrender": "ผู้ถือคืนใบ",
    "licence.amend": "ให้แก้ไขข้อมูล",
    "licence.substitute": "ให้ออกใบแทน",
    "licence.letter": "ออกหนังสือ %(number)s",
    "licence.letter_received": "เปิดอ่านหนังสือ %(number)s ครั้งแรก",
    "licence.new_edition": "ออกฉบับที่ %(edition)s",
    "licence.edition_unfit": "จัดทำฉบับที่ %(edition)s ไม่ได้ ฉบับเดิมยังมีผล",
    "licence.act_unpaid": "ไม่ได้ชำระค่าธรรมเนียมภายในกำหนด จึงไม่ออกฉบับใหม่",
    "licence.renew": "ต่ออายุแล้ว",
    "licence.expire": "หมดอายุ",
}
"""What each kind of event is called (msgids), in the order in which events of one moment follow from each other.

Kinds without words are for auditors, not for this list.
"""

INSIDE = frozenset(f"application.{act}" for act in ("propose_approval", "propose_refusal", "recall", "send_back"))
"""What officers do among themselves before there is a decision: for their eyes only."""

RECEIVED = "application.submit"
"""The person sends a form; that an agency has received its share is said in the agency's name."""

NO_OTHERS: Mapping[str, str] = {}

ROLES = {"citizen": "ผู้ยื่น", "system": "ระบบจุดเดียว", "bank": "ธนาคาร"}


def told(
    found: Iterable[Event],
    reader: UUID | None,
    agency: str,
    *,
    agencies: Mapping[str, str] = NO_OTHERS,
    names: bool = False,
    people: bool = False,
) -> tuple[Happening, ...]:
    """The events as a thread, newest first. `names`: officers see each other's names, the person sees the agency.

    `people`: citizens are named too, as where several act for one company. Who acts by a mandate is always named.
    `agencies`: by stream, where applications at several agencies stand in one thread; else `agency`.
    """
    follows = {kind: place for place, kind in enumerate(WORDS)}
    known = (event for event in found if event.kind in WORDS and (names or event.kind not in INSIDE))
    seen = sorted(known, key=lambda e: (e.at, follows[e.kind], e.seq), reverse=True)
    return tuple(
        Happening(
            at=event.at,
            what=_(WORDS[_key(event)]) % _Facts(event.facts),
            who=_who(event, agencies.get(event.stream, agency), names=names, people=people),
            by_you=reader is not None and event.acted_by == reader and event.kind != RECEIVED,
        )
        for event in seen
    )


def _key(event: Event) -> str:
    """An application may end without a document: then there is none to name."""
    nothing = event.kind == "application.issue" and "licence" not in event.facts
    return "application.issue_nothing" if nothing else event.kind


def _who(event: Event, agency: str, *, names: bool, people: bool) -> str:
    if event.kind == RECEIVED:
        return agency
    if event.actor_kind == "officer":
        return event.actor_name if names else agency
    named = names or people or "mandate" in event.facts
    if named and event.actor_kind == "citizen":
        return event.actor_name
    return _(ROLES[event.actor_kind])


class _Facts(dict[str, object]):
    """Facts for a sentence; one that an old event lacks is simply not said."""

    def __missing__(self, key: str) -> str:
        return ""
