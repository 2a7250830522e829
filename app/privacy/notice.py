"""The privacy notice (PDPA s.23), made from what the chosen services themselves say. Pure.

Nobody writes a notice by hand: it can only say what the services really collect. Licensing rests on a State task
and on law (s.24(4) and (6)): the notice informs and is acknowledged. Consent is asked elsewhere, for optional uses.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from app.privacy.texts import digest_of
from app.privacy.wording import Bilingual, in_language

VERSION = "2"
"""The version of our own sentences below. Change it with them."""

Translate = Callable[[str], str]


@dataclass(frozen=True)
class Datum:
    """One answer or document that a service asks for. `source` None: the person gives it; else the registry."""

    key: str
    label: Bilingual
    source: Bilingual | None = None
    required: bool = True
    document: bool = False


@dataclass(frozen=True)
class Kept:
    """How long one kind of data is kept after the case is closed, in years, and on what basis."""

    what: Bilingual
    years: int
    basis: Bilingual


@dataclass(frozen=True)
class Contact:
    """How to reach the controller's data-protection officer."""

    name: Bilingual
    phone: str = ""
    email: str = ""


@dataclass(frozen=True)
class Lookup:
    """A registry that may be asked: why, and what nobody has to type or hand in then."""

    registry: Bilingual
    purpose: Bilingual
    spares: Sequence[Bilingual]


@dataclass(frozen=True)
class Use:
    """What one service does with data, and the agency that answers for it."""

    service: Bilingual
    agency: Bilingual
    data_protection: Contact
    purpose: Bilingual
    basis: Bilingual
    if_not_given: Bilingual
    recipients: Sequence[Bilingual]
    data: Sequence[Datum]
    kept: Sequence[Kept]
    lookups: Sequence[Lookup] = ()


@dataclass(frozen=True)
class Section:
    """One heading and its paragraphs."""

    key: str
    heading: str
    paragraphs: tuple[str, ...]


@dataclass(frozen=True)
class Notice:
    """A notice in one language, exactly as it is shown, hashed and kept."""

    version: str
    language: str
    title: str
    sections: tuple[Section, ...]

    @property
    def text(self) -> str:
        """The one way this notice is written down: title, then each heading with its paragraphs."""
        parts = ["\n".join((section.heading, *section.paragraphs)) for section in self.sections]
        return "\n\n".join([self.title, *parts]) + "\n"

    @property
    def digest(self) -> str:
        """SHA-256 of `text`: what an acknowledgement refers to."""
        return digest_of(self.text)


def compose(uses: Sequence[Use], language: str, translate: Translate) -> Notice:
    """The notice for these services in `language`; `translate` turns our Thai sentences into that language."""
    _, writer = translate, _Writer(uses, language, translate)
    return Notice(
        version=VERSION,
        language=language,
        title=_("หนังสือแจ้งการใช้ข้อมูลส่วนบุคคล ฉบับที่ %(version)s") % {"version": VERSION},
        sections=(
            writer.in_short(),
            writer.controllers(),
            writer.data(),
            writer.purposes(),
            writer.refusal(),
            writer.recipients(),
            writer.retention(),
            writer.rights(),
        ),
    )


class _Writer:
    """The sentences of each section, in an order that depends on nothing but the facts: same facts, same hash."""

    def __init__(self, uses: Sequence[Use], language: str, translate: Translate) -> None:
        self.uses = uses
        self.language = language
        self._ = translate

    def in_short(self) -> Section:
        """What most people want to know: a page shows this and folds the rest."""
        _ = self._
        said = (
            _("หน่วยงานที่รับเรื่องใช้ข้อมูลของคุณเพื่อพิจารณาคำขอตามกฎหมาย และเห็นเฉพาะที่เรื่องของตนถาม"),
            _("ทุกครั้งที่มีคนเปิดดู เราบันทึกไว้ให้คุณเห็น คุณขอดู ขอแก้ หรือร้องเรียนได้ทุกเมื่อ"),
        )
        return Section("in_short", _("โดยย่อ"), said)

    def controllers(self) -> Section:
        _ = self._
        said = []
        for agency in _once(self._in(use.agency) for use in self.uses):
            mine = [use for use in self.uses if self._in(use.agency) == agency]
            said.append(
                _("%(agency)s เป็นผู้ควบคุมข้อมูลของเรื่อง %(services)s")
                % {"agency": agency, "services": self._list(use.service for use in mine)}
            )
            said += _once(
                _("ติดต่อเจ้าหน้าที่คุ้มครองข้อมูล: %(contact)s") % {"contact": self._contact(use.data_protection)}
                for use in mine
            )
        said.append(_("จุดเดียวรับ เก็บ และส่งข้อมูลแทนหน่วยงานข้างต้น ตามที่หน่วยงานสั่งเท่านั้น"))
        return Section("controllers", _("ใครรับผิดชอบข้อมูลของคุณ"), tuple(said))

    def data(self) -> Section:
        _ = self._
        said = [_("จากผู้ให้บริการยืนยันตัวตน: เลขประจำตัวประชาชน คำนำหน้า ชื่อ นามสกุล วันเกิด และระดับการยืนยันตัวตน")]
        sentences = {
            "fetched": _("จาก%(source)s: %(labels)s"),
            "required": _("คุณกรอกเอง: %(labels)s"),
            "optional": _("คุณกรอกเองถ้าต้องการ: %(labels)s"),
            "documents": _("เอกสารที่คุณแนบ: %(labels)s"),
        }
        for (kind, source), data in groupby(sorted(self._merged(), key=self._place), key=self._place_names):
            labels = self._list(datum.label for datum in data)
            said.append(sentences[kind] % {"source": source, "labels": labels})
        said += self._lookups()
        if any(datum.source for use in self.uses for datum in use.data) or any(use.lookups for use in self.uses):
            said.append(_("เราดึงข้อมูลจากทะเบียนของรัฐเมื่อคุณอนุญาตเท่านั้น ถ้าไม่อนุญาต คุณกรอกเองได้"))
        return Section("data", _("เราใช้ข้อมูลอะไร จากที่ไหน"), tuple(said))

    def _lookups(self) -> list[str]:
        """Each registry of records once: what it spares, and why it is asked."""
        _ = self._
        spared: dict[tuple[str, str], list[Bilingual]] = {}
        for lookup in (lookup for use in self.uses for lookup in use.lookups):
            spared.setdefault((self._in(lookup.registry), self._in(lookup.purpose)), []).extend(lookup.spares)
        return [
            _("%(source)s (ถ้าคุณอนุญาต): %(labels)s เพื่อ%(purpose)s")
            % {"source": source, "labels": self._list(labels), "purpose": purpose[:1].lower() + purpose[1:]}
            for (source, purpose), labels in spared.items()
        ]

    def purposes(self) -> Section:
        _ = self._
        said = [
            _("%(service)s: %(purpose)s (%(basis)s)")
            % {"service": self._in(use.service), "purpose": self._in(use.purpose), "basis": self._in(use.basis)}
            for use in self.uses
        ]
        said.append(
            _(
                "หน่วยงานใช้ข้อมูลนี้เพราะเป็นภารกิจของรัฐและหน้าที่ตามกฎหมาย "
                "(พระราชบัญญัติคุ้มครองข้อมูลส่วนบุคคล พ.ศ. 2562 มาตรา 24 (4) และ (6)) ไม่ได้อาศัยความยินยอมของคุณ"
            )
        )
        return Section("purposes", _("ใช้ทำอะไร ตามกฎหมายใด"), tuple(said))

    def refusal(self) -> Section:
        _ = self._
        said = [
            _("%(service)s: %(effect)s") % {"service": self._in(use.service), "effect": self._in(use.if_not_given)}
            for use in self.uses
        ]
        said.append(_("ข้อที่เขียนว่า ไม่บังคับ เว้นว่างได้ และไม่มีผลต่อคำขอ"))
        return Section("refusal", _("ถ้าคุณไม่ให้ข้อมูล"), tuple(said))

    def recipients(self) -> Section:
        _ = self._
        said = [_("แต่ละหน่วยงานเห็นเฉพาะคำตอบและเอกสารที่งานบริการของตนถาม")]
        said += [
            _("%(service)s: ส่งให้%(agency)s") % {"service": self._in(use.service), "agency": self._in(use.agency)}
            + (" " + _("และส่งต่อให้ %(others)s") % {"others": self._list(use.recipients)} if use.recipients else "")
            for use in self.uses
        ]
        said.append(_("ทุกครั้งที่เจ้าหน้าที่เปิดดูข้อมูลของคุณ เราบันทึกไว้ ดูได้ที่หน้า ใครดูข้อมูลของฉัน"))
        return Section("recipients", _("ใครได้รับข้อมูล"), tuple(said))

    def retention(self) -> Section:
        _ = self._
        said = _once(
            _("%(what)s: %(years)s ปีหลังเรื่องเสร็จ (%(basis)s)")
            % {"what": self._in(kept.what), "years": kept.years, "basis": self._in(kept.basis)}
            for use in self.uses
            for kept in use.kept
        )
        said.append(_("เมื่อครบกำหนด ระบบลบหรือทำให้ข้อมูลไม่ชี้ถึงตัวคุณ"))
        return Section("retention", _("เก็บไว้นานเท่าใด"), tuple(said))

    def rights(self) -> Section:
        _ = self._
        said = (
            _("ขอดูและขอสำเนาข้อมูลของคุณ เราตอบภายใน 30 วัน (มาตรา 30)"),
            _("ขอรับหรือขอให้โอนข้อมูลในรูปแบบที่เครื่องอ่านได้ (มาตรา 31)"),
            _("คัดค้านการใช้ข้อมูล (มาตรา 32)"),
            _("ขอให้ลบข้อมูลที่ไม่จำเป็นต้องเก็บแล้ว (มาตรา 33)"),
            _("ขอให้ระงับการใช้ข้อมูลชั่วคราว (มาตรา 34)"),
            _("ขอแก้ข้อมูลที่ผิดหรือไม่ครบ (มาตรา 35 และ 36)"),
            _("ร้องเรียนต่อสำนักงานคณะกรรมการคุ้มครองข้อมูลส่วนบุคคล ถ้าเห็นว่าเราทำไม่ถูกต้อง (มาตรา 73)"),
        )
        return Section("rights", _("สิทธิของคุณ"), said)

    def _merged(self) -> list[Datum]:
        """Each datum once, in the order of first mention; required when any service requires it."""
        merged: dict[tuple[bool, str], Datum] = {}
        for datum in (datum for use in self.uses for datum in use.data):
            known = merged.get((datum.document, datum.key))
            if known is None or (datum.required and not known.required):
                merged[datum.document, datum.key] = datum
        return list(merged.values())

    def _place(self, datum: Datum) -> tuple[int, str]:
        kind, source = self._place_names(datum)
        return ("fetched", "required", "optional", "documents").index(kind), source

    def _place_names(self, datum: Datum) -> tuple[str, str]:
        if datum.source is not None:
            return "fetched", self._in(datum.source)
        if datum.document:
            return "documents", ""
        return ("required" if datum.required else "optional"), ""

    def _contact(self, contact: Contact) -> str:
        return " ".join(filter(None, (self._in(contact.name), contact.phone, contact.email)))

    def _list(self, words: Iterable[Bilingual]) -> str:
        return ", ".join(_once(self._in(word) for word in words))

    def _in(self, words: Bilingual) -> str:
        return in_language(words, self.language)


def _once(words: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(words))
