"""What a letter says, for machines: XML and its JSON twin inside the file, and the schemas that both keep.

Both schemas are published at an address with a version in it; a published version never changes, nor do they.
"""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any
from xml.etree import ElementTree as ET

from lxml import etree

from app.pdf.whole import Attachment, Property, Relationship, Schema

NAMESPACE = "urn:judiao:letter:1"
XML_NAME, JSON_NAME = "ContentInformation.xml", "ContentInformation.json"
ED = "urn:etda:pdfa:ElectronicDocument:1p0:standard#"
_XSD = "http://www.w3.org/2001/XMLSchema"
_XSI = "http://www.w3.org/2001/XMLSchema-instance"
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that XML 1.0 cannot hold."""
_UUID = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
_WORD = "[a-z]+(-[a-z]+)*"

_FIXED = (
    ("DocumentReferenceID", _UUID, "the document, for ever"),
    ("Kind", _WORD, "what kind of letter it is"),
    ("LetterNumber", ".+", "number, within its authority"),
    ("IssuedBy", ".+", "the authority"),
    ("To", ".+", "whom it is written to"),
    ("Regarding", ".+", "the application or the licence it is about"),
    ("Subject", ".+", "its subject"),
    ("SignedBy", ".+", "the official who signed"),
    ("URL", "https?://.+", "where its addressee reads on"),
)
"""Elements of every letter in their order: name, pattern of the value, meaning."""


class Malformed(Exception):
    """What a letter says does not keep its own published schema: it is never drawn."""


@dataclass(frozen=True)
class Item:
    """One of the things a letter lists: its name, why, and what to do about it."""

    name: str
    reason: str
    instruction: str


@dataclass(frozen=True, kw_only=True)
class Data:
    """The facts of one letter. `deadlines`: what for (a word of a-z) and the last day; `facts`: terms and texts."""

    id: str
    kind: str
    number: str
    on: date
    agency: str
    to: str
    regarding: str
    subject: str
    signer: str
    url: str
    schema_url: str
    facts: Sequence[tuple[str, str]]
    deadlines: Sequence[tuple[str, date]] = ()
    items: Sequence[Item] = ()

    def fixed(self) -> tuple[str, ...]:
        """The values of the elements that every letter has, in their order."""
        return (
            *(self.id, self.kind, self.number, self.agency, self.to, self.regarding, self.subject, self.signer),
            self.url,
        )


def place(base_url: str, kind: str = "xsd") -> str:
    """The address of the schema of letters; `kind` is "xsd" or "json"."""
    return f"{base_url}/schemas/letter/1.{kind}"


def attachments(data: Data) -> list[Attachment]:
    """The data as the files that travel inside the letter. Raises Malformed."""
    described = xml(data)
    if faults := faults_of(described):
        raise Malformed("; ".join(faults))
    says = "ข้อมูลของหนังสือนี้สำหรับเครื่องคอมพิวเตอร์"
    return [
        Attachment(XML_NAME, described, "text/xml", Relationship.ALTERNATIVE, says),
        Attachment(JSON_NAME, as_json(data), "application/json", Relationship.ALTERNATIVE, "ข้อมูลเดียวกันเป็น JSON"),
    ]


def etda(id_: str) -> Schema:
    """The metadata of ETDA's electronic document profile."""
    return Schema(
        title="ETDA Electronic Document",
        namespace=ED,
        prefix="ed",
        properties=[
            Property("DocumentFileName", XML_NAME, "name of the embedded data file"),
            Property("DocumentVersion", "1.0", "version of the embedded data"),
            Property("DocumentReferenceID", id_, "identifier of this document"),
            Property("DocumentOID", "2.16.764.1.4.100.0", "object identifier of the document type, to be assigned"),
        ],
    )


def xml(data: Data) -> bytes:
    """The facts of the letter; dates are ISO 8601 (Common Era)."""
    ET.register_namespace("", NAMESPACE)
    ET.register_namespace("xsi", _XSI)
    root = ET.Element(f"{{{NAMESPACE}}}Letter", {f"{{{_XSI}}}schemaLocation": f"{NAMESPACE} {data.schema_url}"})

    def add(parent: ET.Element, name: str, text: str, **attributes: str) -> ET.Element:
        element = ET.SubElement(parent, f"{{{NAMESPACE}}}{name}", attributes)
        element.text = _NOT_XML.sub("", text) or None
        return element

    for (name, *_), value in zip(_FIXED, data.fixed(), strict=True):
        add(root, name, value)
    add(root, "IssuedOn", data.on.isoformat())
    for what, day in data.deadlines:
        add(root, "Deadline", day.isoformat(), what=what)
    for label, text in data.facts:
        add(root, "Fact", text, label=label)
    for one in data.items:
        item = add(root, "Item", "")
        add(item, "Name", one.name)
        add(item, "Reason", one.reason)
        add(item, "Instruction", one.instruction)
    return bytes(ET.tostring(root, encoding="utf-8", xml_declaration=True))


def as_json(data: Data) -> bytes:
    """The same facts under the same names, for those who read JSON."""
    said: dict[str, object] = {
        "$schema": f"{data.schema_url.removesuffix('.xsd')}.json",
        **{name: value for (name, *_), value in zip(_FIXED, data.fixed(), strict=True)},
        "IssuedOn": data.on.isoformat(),
        "Deadlines": [{"what": what, "day": day.isoformat()} for what, day in data.deadlines],
        "Facts": [{"label": label, "value": _NOT_XML.sub("", text)} for label, text in data.facts],
        "Items": [{"Name": one.name, "Reason": one.reason, "Instruction": one.instruction} for one in data.items],
    }
    return json.dumps(said, ensure_ascii=False, indent=1).encode()


@cache
def xsd() -> bytes:
    """The XML schema (XML Schema 1.0) of the ContentInformation.xml of letters."""
    fixed = (
        f'    <xs:element name="{name}"><xs:annotation><xs:documentation>{meaning}</xs:documentation></xs:annotation>'
        f'<xs:simpleType><xs:restriction base="xs:string"><xs:pattern value="{pattern}"/></xs:restriction>'
        "</xs:simpleType></xs:element>"
        for name, pattern, meaning in _FIXED
    )
    return "\n".join(
        (
            '<?xml version="1.0" encoding="UTF-8"?>',
            f'<xs:schema xmlns:xs="{_XSD}" xmlns="{NAMESPACE}" targetNamespace="{NAMESPACE}"',
            '           elementFormDefault="qualified" version="1">',
            '  <xs:complexType name="Deadline"><xs:simpleContent><xs:extension base="xs:date">',
            '    <xs:attribute name="what" use="required"><xs:simpleType><xs:restriction base="xs:token">',
            f'      <xs:pattern value="{_WORD}"/></xs:restriction></xs:simpleType></xs:attribute>',
            "  </xs:extension></xs:simpleContent></xs:complexType>",
            '  <xs:complexType name="Fact"><xs:simpleContent><xs:extension base="xs:string">',
            '    <xs:attribute name="label" type="xs:string" use="required"/>',
            "  </xs:extension></xs:simpleContent></xs:complexType>",
            '  <xs:complexType name="Item"><xs:sequence>',
            *(f'    <xs:element name="{part}" type="xs:string"/>' for part in ("Name", "Reason", "Instruction")),
            "  </xs:sequence></xs:complexType>",
            '  <xs:element name="Letter"><xs:complexType><xs:sequence>',
            *fixed,
            '    <xs:element name="IssuedOn" type="xs:date"/>',
            *(
                f'    <xs:element name="{name}" type="{name}" minOccurs="0" maxOccurs="unbounded"/>'
                for name in ("Deadline", "Fact", "Item")
            ),
            "  </xs:sequence></xs:complexType></xs:element>",
            "</xs:schema>",
            "",
        )
    ).encode()


def json_schema(address: str) -> dict[str, Any]:
    """The JSON schema of the ContentInformation.json of letters: the same names, the same facts."""
    text = {"type": "string"}
    day = {"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}$"}
    properties: dict[str, Any] = {
        "$schema": {"const": address},
        **{name: {**text, "pattern": f"^{pattern}$", "description": meaning} for name, pattern, meaning in _FIXED},
        "IssuedOn": day,
        "Deadlines": _list({"what": {**text, "pattern": f"^{_WORD}$"}, "day": day}),
        "Facts": _list({"label": text, "value": text}),
        "Items": _list({"Name": text, "Reason": text, "Instruction": text}),
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": address,
        "title": "Letter",
        **_object(properties),
    }


def _object(properties: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": list(properties), "additionalProperties": False}


def _list(properties: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": _object(properties)}


def faults_of(described: bytes) -> list[str]:
    """Where the XML of a letter is not what its schema promises; an empty list means nowhere."""
    schema = _compiled()
    if schema.validate(etree.fromstring(described, _reader())):
        return []
    return [f"{XML_NAME}, line {error.line}: {error.message}" for error in schema.error_log]


@cache
def _compiled() -> etree.XMLSchema:
    return etree.XMLSchema(etree.fromstring(xsd(), _reader()))


def _reader() -> etree.XMLParser:
    return etree.XMLParser(resolve_entities=False, no_network=True)
