"""The report in words a person understands: the criteria, what was counted, and the one thing missing."""

from collections.abc import Mapping

from app.core.i18n import gettext as _
from app.core.i18n import ngettext
from app.reporting.criteria import LEVELS, WINDOW_DAYS, Criterion, Finding, Known, Verdict

C = Criterion

NAMES: Mapping[Criterion, str] = {
    C.E_FORM: "กรอกแบบฟอร์มและยื่นบนเว็บ",
    C.PREFILLED: "ดึงข้อมูลพื้นฐานจากทะเบียนราษฎรหรือทะเบียนนิติบุคคลมากรอกให้",
    C.LINKED_DOCUMENTS: "เชื่อมเอกสารประกอบจากหน่วยงานต้นทาง",
    C.BILL: "ออกใบแจ้งชำระบนระบบ",
    C.E_RECEIPT: "ออกใบเสร็จอิเล็กทรอนิกส์",
    C.E_LICENCE: "ออกใบอนุญาตหรือเอกสารเป็นไฟล์อิเล็กทรอนิกส์",
    C.CA_SIGNATURE: "ลายมือชื่อดิจิทัลมีผู้ออกใบรับรองที่เชื่อถือได้รับรอง",
    C.PDF_A: "ไฟล์ผ่านการตรวจตามมาตรฐาน PDF/A-3",
}

_NONE: Mapping[Criterion, str] = {
    C.E_FORM: "ยังไม่มีคำขอที่กรอกและยื่นบนเว็บใน %(days)s วัน",
    C.PREFILLED: "ยังไม่มีคำขอที่ดึงข้อมูลจากทะเบียนมากรอกให้ใน %(days)s วัน",
    C.LINKED_DOCUMENTS: "ยังไม่มีคำขอที่ข้อมูลจากทะเบียนใช้แทนเอกสารได้ใน %(days)s วัน",
    C.BILL: "ยังไม่มีใบแจ้งชำระที่ออกบนระบบใน %(days)s วัน",
    C.E_RECEIPT: "ยังไม่มีใบเสร็จอิเล็กทรอนิกส์ใน %(days)s วัน",
    C.E_LICENCE: "ยังไม่มีใบอนุญาตหรือเอกสารที่ออกเป็นไฟล์ใน %(days)s วัน",
    C.CA_SIGNATURE: "ยังไม่มีไฟล์ที่พิสูจน์ลายมือชื่อแล้วใน %(days)s วัน",
    C.PDF_A: "ยังไม่มีไฟล์ที่ตรวจตามมาตรฐาน PDF/A-3 แล้วใน %(days)s วัน",
}


def name(criterion: Criterion) -> str:
    """The criterion as a person calls it."""
    return _(NAMES[criterion])


def verdict(finding: Finding) -> str:
    """What became of it, in a word or two."""
    words = {
        Verdict.MET: "มีหลักฐาน",
        Verdict.NOT_NEEDED: "ไม่ต้องมี",
        Verdict.MISSING: "ยังไม่มีหลักฐาน",
        Verdict.BROKEN: "หลักฐานไม่ครบ",
    }
    return _(words[finding.verdict])


def why(finding: Finding, known: Known) -> str:
    """The finding as one plain sentence."""
    match finding.verdict:
        case Verdict.NOT_NEEDED if finding.criterion is C.LINKED_DOCUMENTS:
            return _("งานบริการนี้ไม่ขอเอกสารใดเลย")
        case Verdict.NOT_NEEDED:
            return _("งานบริการนี้ไม่มีค่าธรรมเนียม")
        case Verdict.BROKEN:
            return ngettext(
                "%(num)s ไฟล์ที่ออกใน %(days)s วันไม่มีผลตรวจยืนยัน",
                "%(num)s ไฟล์ที่ออกใน %(days)s วันไม่มีผลตรวจยืนยัน",
                finding.broken,
            ) % {"num": finding.broken, "days": WINDOW_DAYS}
        case Verdict.MISSING:
            return _none(finding.criterion, known)
    return _counted(finding)


def _none(criterion: Criterion, known: Known) -> str:
    if criterion is C.LINKED_DOCUMENTS and known.linkable == 0:
        return _("ผู้ยื่นยังต้องแนบเองทุกอย่าง ไม่มีเอกสารใดเชื่อมจากหน่วยงานต้นทาง")
    if criterion in LEVELS[3] and not known.issues:
        return _("งานบริการนี้จบที่ใบเสร็จ ยังไม่ออกเอกสารเป็นไฟล์")
    return _(_NONE[criterion]) % {"days": WINDOW_DAYS}


def _counted(finding: Finding) -> str:
    values = {"num": finding.count, "of": finding.of, "days": WINDOW_DAYS}
    if finding.of is not None:
        return _("%(num)s จาก %(of)s เรื่องใน %(days)s วัน") % values
    return ngettext("%(num)s เรื่องใน %(days)s วัน", "%(num)s เรื่องใน %(days)s วัน", finding.count) % values
