"""The licence on paper: the service's wording, the answers and the number, as blocks for the PDF engine and as XML.

The XML uses a namespace of our own and travels inside the PDF as ContentInformation.xml (ETDA electronic-document
profile: PDF/A-3, AFRelationship Alternative).
"""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from xml.etree import ElementTree as ET

from app.core.thai import date_long, thai_digits
from app.licences.legal_force import ON_THE_DOCUMENT
from app.licences.schema import NAMESPACE
from app.pdf.blocks import Align, Columns, Facts, Heading, Items, Paragraph, Qr, Seal, Statement, Stretch, Tone
from app.pdf.whole import Attachment, Document, Footer, Frame, Property, Relationship, Schema, SignatureField

XML_NAME, JSON_NAME = "ContentInformation.xml", "ContentInformation.json"
_XSI = "http://www.w3.org/2001/XMLSchema-instance"
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that XML 1.0 cannot hold."""

ED = "urn:etda:pdfa:ElectronicDocument:1p0:standard#"


@dataclass(frozen=True)
class Field:
    """One fact of the licence: label, value, and the name of its XML element."""

    label: str
    value: str
    xml: str


@dataclass(frozen=True)
class Content:
    """Everything a licence says, already in words."""

    id: str
    number: str
    code: str
    title: str
    subtitle: str
    agency: str
    signer: str
    fields: Sequence[Field]
    statement: Sequence[str]
    conditions: Sequence[str]
    xml_root: str
    valid_from: date
    valid_until: date | None
    verify_url: str
    holder: str
    service: str
    service_version: int
    schema_url: str = ""
    """Where the XML schema of the data is published; its JSON twin is beside it."""
    previous: str = ""
    """The number of the licence that this one renews."""


def _for_xml(value: str) -> str:
    return _NOT_XML.sub("", value)


def as_json(content: Content) -> bytes:
    """The same facts under the same names, for those who read JSON."""
    said: dict[str, object] = {
        **({"$schema": f"{content.schema_url.removesuffix('.xsd')}.json"} if content.schema_url else {}),
        "Kind": content.xml_root,
        "DocumentReferenceID": content.id,
        "LicenceNumber": content.number,
        "VerificationCode": content.code,
        "VerificationURL": content.verify_url,
        "Title": content.title,
        "IssuedBy": content.agency,
        "Holder": content.holder,
        "ServiceReference": {"name": content.service, "version": content.service_version},
        "ValidFrom": content.valid_from.isoformat(),
        **({"ValidUntil": content.valid_until.isoformat()} if content.valid_until else {}),
        **({"PreviousLicence": content.previous} if content.previous else {}),
    }
    said["Facts"] = {field.xml: {"label": field.label, "value": _for_xml(field.value)} for field in content.fields}
    return json.dumps(said, ensure_ascii=False, indent=1).encode()


def xml(content: Content) -> bytes:
    """The same facts for machines; dates are ISO 8601 (Common Era), digits Arabic."""
    ET.register_namespace("", NAMESPACE)
    ET.register_namespace("xsi", _XSI)
    where = {f"{{{_XSI}}}schemaLocation": f"{NAMESPACE} {content.schema_url}"} if content.schema_url else {}
    root = ET.Element(f"{{{NAMESPACE}}}{content.xml_root}", where)

    def add(name: str, value: str, **attributes: str) -> None:
        element = ET.SubElement(root, f"{{{NAMESPACE}}}{name}", attributes)
        element.text = _for_xml(value)

    add("DocumentReferenceID", content.id)
    add("LicenceNumber", content.number)
    add("VerificationCode", content.code)
    add("VerificationURL", content.verify_url)
    add("Title", content.title)
    add("IssuedBy", content.agency)
    add("Holder", content.holder)
    add("ServiceReference", content.service, version=str(content.service_version))
    add("ValidFrom", content.valid_from.isoformat())
    if content.valid_until:
        add("ValidUntil", content.valid_until.isoformat())
    if content.previous:
        add("PreviousLicence", content.previous)
    for field in content.fields:
        add(field.xml, field.value, label=field.label)
    return bytes(ET.tostring(root, encoding="utf-8", xml_declaration=True))


def data_of(document: Document) -> bytes:
    """The XML that travels inside a licence."""
    return next(file.data for file in document.attachments if file.name == XML_NAME)


def document(content: Content) -> Document:
    """The page an officer would be proud of: frame, seal, title, facts, QR, and who signed."""
    conditions: list[Heading | Items] = []
    if content.conditions:
        labels = [f"{thai_digits(str(n))}." for n in range(1, len(content.conditions) + 1)]
        conditions = [Heading("เงื่อนไข", level=2, size=12), Items(content.conditions, labels, size=10)]
    until = date_long(content.valid_until) if content.valid_until else "ไม่มีวันหมดอายุ"
    return Document(
        id=content.id,
        title=f"{content.title} {content.number}",
        language="th-TH",
        subject=content.title,
        author=content.agency,
        frame=Frame.DOUBLE_RULE,
        signature=SignatureField(f"ลายมือชื่อดิจิทัลของ{content.agency}"),
        attachments=[
            Attachment(
                XML_NAME, xml(content), "text/xml", Relationship.ALTERNATIVE, "ข้อมูลของเอกสารนี้สำหรับเครื่องคอมพิวเตอร์"
            ),
            Attachment(JSON_NAME, as_json(content), "application/json", Relationship.ALTERNATIVE, "ข้อมูลเดียวกันเป็น JSON"),
        ],
        schemas=[_etda(content)],
        blocks=[
            Seal(f"ตราสัญลักษณ์ของ{content.agency}", size=56),
            Paragraph(content.agency, Align.CENTRE, 13, bold=True),
            Heading(content.title, 1, Align.CENTRE, 19),
            *([Paragraph(content.subtitle, Align.CENTRE, 12, tone=Tone.SOFT)] if content.subtitle else []),
            Paragraph(f"เลขที่ {thai_digits(content.number)}", Align.RIGHT, 13, bold=True),
            *[Paragraph(paragraph, size=11.5) for paragraph in content.statement],
            Facts(
                [
                    *((field.label, field.value) for field in content.fields),
                    *([("ต่ออายุจากใบเลขที่", thai_digits(content.previous))] if content.previous else []),
                    ("ออกให้ ณ วันที่", thai_digits(date_long(content.valid_from))),
                    ("ใช้ได้ถึงวันที่" if content.valid_until else "อายุ", thai_digits(until)),
                ],
                size=11,
            ),
            *conditions,
            Stretch(),
            Columns(
                [
                    [
                        Qr(
                            content.verify_url,
                            f"รหัสคิวอาร์สำหรับตรวจเอกสารนี้ที่ {content.verify_url}",
                            size=84,
                        ),
                    ],
                    [
                        Statement(
                            [
                                content.signer,
                                f"ลงลายมือชื่อดิจิทัลด้วยใบรับรองของ{content.agency}",
                            ]
                        ),
                        Paragraph(
                            f"สแกนคิวอาร์หรือเปิด {content.verify_url} เพื่อดูว่าเอกสารนี้ยังใช้ได้",
                            Align.CENTRE,
                            10,
                            tone=Tone.SOFT,
                        ),
                    ],
                ],
                [1, 2.4],
            ),
        ],
        footer=Footer(ON_THE_DOCUMENT, page="หน้า {page} / {pages}"),
    )


def _etda(content: Content) -> Schema:
    return Schema(
        title="ETDA Electronic Document",
        namespace=ED,
        prefix="ed",
        properties=[
            Property("DocumentFileName", XML_NAME, "name of the embedded data file"),
            Property("DocumentVersion", "1.0", "version of the embedded data"),
            Property("DocumentReferenceID", content.id, "identifier of this document"),
            Property("DocumentOID", "2.16.764.1.4.100.0", "object identifier of the document type, to be assigned"),
        ],
    )
