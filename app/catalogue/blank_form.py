"""A service as a form on paper, for the counter: the same questions, documents and declarations, from the same data."""

from collections.abc import Iterable, Iterator, Mapping
from uuid import NAMESPACE_URL, uuid5

from app.catalogue.addresses import AddressQuestion
from app.catalogue.conditions import Condition, explain
from app.catalogue.kinds import ChoiceQuestion, ComputedQuestion, MultiChoiceQuestion, Question, YesNoQuestion
from app.catalogue.rows import GroupQuestion
from app.catalogue.schema import Service
from app.catalogue.writing import LongTextQuestion
from app.core.thai import date_long
from app.pdf.blocks import Block, Column, Columns, Heading, Items, Paragraph, Rule, Spacer, Table, Ticks, Tone, Writing
from app.pdf.whole import Document, Footer

WORDS: Mapping[str, tuple[str, str]] = {
    "portal": ("จุดเดียว บริการภาครัฐ ยื่นครั้งเดียว", "Judiao, one stop for the State’s services"),
    "form": ("แบบคำขอ", "Application form"),
    "version": ("คู่มือรุ่น {version} ทบทวนเมื่อ {day}", "Manual version {version}, reviewed {day}"),
    "online": (
        "ยื่นออนไลน์ได้โดยไม่ต้องกรอกกระดาษนี้ ระบบดึงข้อมูลที่รัฐมีอยู่แล้วมาให้",
        "You can file online without this paper; what the State already knows is filled in for you.",
    ),
    "if": ("ตอบเมื่อ{when}", "Answer if {when}"),
    "bring": ("แนบเมื่อ{when}", "Bring it if {when}"),
    "optional": ("(ไม่บังคับ)", "(optional)"),
    "documents": ("เอกสารที่แนบ", "Documents attached"),
    "none": ("ไม่ต้องใช้เอกสาร", "No documents are needed"),
    "declare": ("คำรับรอง", "Declarations"),
    "sign": ("ลงชื่อผู้ยื่น", "Signature of the applicant"),
    "name": ("ชื่อตัวบรรจง", "Name in capitals"),
    "day": ("วันที่", "Date"),
    "desk": ("สำหรับเจ้าหน้าที่", "For the officer"),
    "received": ("เลขรับและวันที่รับ", "Number and day of receipt"),
    "checked": ("ผู้ตรวจ", "Checked by"),
    "page": ("หน้า {page} / {pages}", "Page {page} / {pages}"),
    "yes": ("ใช่", "Yes"),
    "no": ("ไม่ใช่", "No"),
    "address": (
        "บ้านเลขที่ หมู่ ซอย ถนน ตำบล/แขวง อำเภอ/เขต จังหวัด รหัสไปรษณีย์",
        "House, village, lane, road, subdistrict, district, province, postcode",
    ),
}
"""What the paper itself says, in Thai and English."""

ROWS = 6
"""Empty lines of a table for a repeating group."""


class _Paper:
    """One service in one language."""

    def __init__(self, service: Service, questions: Mapping[str, Question], lang: str) -> None:
        self.service, self.questions, self.lang = service, questions, lang

    def say(self, key: str, **values: str) -> str:
        return WORDS[key][self.lang == "en"].format(**values)

    def when(self, condition: Condition | None, key: str) -> Iterator[Block]:
        if condition is not None:
            words = explain(condition, self.questions, self.lang)
            yield Paragraph(self.say(key, when=words), size=10, tone=Tone.SOFT)

    def question(self, question: Question) -> Iterator[Block]:
        label = question.label.to(self.lang)
        if question.optional:
            label = f"{label} {self.say('optional')}"
        match question:
            case GroupQuestion():
                columns = [Column("#", 0.35), *(Column(cell.name.to(self.lang)) for cell in question.questions)]
                yield Paragraph(label)
                rows = [[str(n), *("" for _ in question.questions)] for n in range(1, ROWS + 1)]
                yield Table(columns, rows, size=10)
            case ChoiceQuestion() | MultiChoiceQuestion():
                yield Paragraph(label)
                yield Ticks([choice.label.to(self.lang) for choice in question.choices])
            case YesNoQuestion():
                yield Paragraph(label)
                yield Ticks([self.say("yes"), self.say("no")])
            case AddressQuestion():
                yield Writing(label, 2)
                yield Paragraph(self.say("address"), size=9, tone=Tone.SOFT)
            case LongTextQuestion():
                yield Writing(label, 3)
            case _:
                unit = question.unit_text
                yield Writing(f"{label} ({unit.to(self.lang)})" if unit else label)

    def topics(self) -> Iterator[Block]:
        for topic in self.service.topics:
            asked = [q for q in topic.questions if q.given != "applicant_kind" or isinstance(q, ChoiceQuestion)]
            asked = [q for q in asked if not isinstance(q, ComputedQuestion)]
            if asked:
                yield Heading(topic.title.to(self.lang), 2)
            before: Condition | None = None
            for question in asked:
                if question.when != before:
                    yield from self.when(question.when, "if")
                before = question.when
                yield from self.question(question)

    def documents(self) -> Iterator[Block]:
        yield Heading(self.say("documents"), 2)
        if not self.service.documents:
            yield Paragraph(self.say("none"))
        for use in self.service.documents:
            yield Ticks([use.document.name.to(self.lang)])
            yield from self.when(use.when, "bring")

    def end(self) -> Iterator[Block]:
        said = [declaration.to(self.lang) for declaration in self.service.declarations]
        yield Heading(self.say("declare"), 2)
        yield Items(said, [f"{n}." for n in range(1, len(said) + 1)])
        yield Spacer(12)
        yield Columns(
            [[Writing(self.say("sign")), Writing(self.say("name"), size=11)], [Writing(self.say("day"))]], [2, 1]
        )
        yield Rule()
        yield Heading(self.say("desk"), 2, size=12)
        yield Columns([[Writing(self.say("received"), size=11)], [Writing(self.say("checked"), size=11)]], [1.4, 1])

    def head(self) -> Iterable[Block]:
        codes = " ".join(form.code for form in self.service.manual.forms[:1])
        return (
            Paragraph(self.say("portal"), size=11, tone=Tone.SOFT),
            Heading(f"{self.say('form')} {self.service.name.to(self.lang)}", 1),
            Paragraph(" · ".join(filter(None, [self.service.code, codes, self.service.owner.to(self.lang)])), size=11),
            Paragraph(self.say("online"), size=10, tone=Tone.SOFT),
            Rule(),
        )

    def document(self) -> Document:
        service = self.service
        day = date_long(service.last_reviewed, "en" if self.lang == "en" else "th")
        version = self.say("version", version=str(service.version), day=day)
        return Document(
            id=str(uuid5(NAMESPACE_URL, f"{service.slug}/{service.version}/{self.lang}")),
            title=f"{self.say('form')} {service.name.to(self.lang)}",
            language="en" if self.lang == "en" else "th-TH",
            subject=service.code,
            author="จุดเดียว",
            blocks=[*self.head(), *self.topics(), *self.documents(), *self.end()],
            footer=Footer(
                f"{service.short_name.to(self.lang)} · {version}", page=self.say("page", page="{page}", pages="{pages}")
            ),
        )


def blank_form(service: Service, questions: Mapping[str, Question], lang: str) -> Document:
    """The form of one service to fill in by hand; its version and day stand at the foot of every page."""
    return _Paper(service, questions, lang).document()
