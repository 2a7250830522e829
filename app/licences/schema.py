"""What machines may rely on in the data of a licence: an XML schema and its JSON twin, made from the service's wording.

Both are published at an address that holds a service and its version; a published version never changes, nor do they.
"""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any

from lxml import etree

from app.catalogue.manual import LicenceFact, LicenceWording

NAMESPACE = "urn:judiao:licence:1"
_XSD = "http://www.w3.org/2001/XMLSchema"
_DRAFT = "https://json-schema.org/draft/2020-12/schema"
_CODE = "[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{5}"
_UUID = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
_DAY = r"\d{4}-\d{2}-\d{2}"

_FIXED = (
    ("DocumentReferenceID", _UUID, "the document, for ever"),
    ("LicenceNumber", r".+ \d+/\d{4}", "number / Buddhist year, within its authority"),
    ("VerificationCode", _CODE, "what is asked for at the verification page"),
    ("VerificationURL", "https?://.+", "where the live status is"),
    ("Title", ".+", "name of the document"),
    ("IssuedBy", ".+", "the authority"),
    ("Holder", ".+", "whom it is given to"),
)
"""Elements of every licence in their order: name, pattern of the value, meaning."""


def place(base_url: str, slug: str, version: int, kind: str = "xsd") -> str:
    """The address of the schema of a service's licence; `kind` is "xsd" or "json"."""
    return f"{base_url}/schemas/licence/1/{slug}-{version}.{kind}"


@lru_cache(256)
def xsd(wording: LicenceWording) -> bytes:
    """The XML schema (XML Schema 1.0) of the ContentInformation.xml of these licences."""
    return "\n".join(
        (
            '<?xml version="1.0" encoding="UTF-8"?>',
            f'<xs:schema xmlns:xs="{_XSD}" xmlns="{NAMESPACE}" targetNamespace="{NAMESPACE}"',
            '           elementFormDefault="qualified" version="1">',
            '  <xs:complexType name="Fact"><xs:simpleContent><xs:extension base="xs:string">',
            '    <xs:attribute name="label" type="xs:string" use="required"/>',
            "  </xs:extension></xs:simpleContent></xs:complexType>",
            '  <xs:complexType name="Service"><xs:simpleContent><xs:extension base="xs:string">',
            '    <xs:attribute name="version" type="xs:positiveInteger" use="required"/>',
            "  </xs:extension></xs:simpleContent></xs:complexType>",
            f'  <xs:element name="{wording.xml_root}"><xs:complexType><xs:sequence>',
            *_elements(wording.facts),
            "  </xs:sequence></xs:complexType></xs:element>",
            "</xs:schema>",
            "",
        )
    ).encode()


def _elements(facts: Sequence[LicenceFact]) -> Iterator[str]:
    for name, pattern, meaning in _FIXED:
        yield (
            f'    <xs:element name="{name}">'
            f"<xs:annotation><xs:documentation>{meaning}</xs:documentation></xs:annotation>"
            f'<xs:simpleType><xs:restriction base="xs:string"><xs:pattern value="{pattern}"/></xs:restriction>'
            "</xs:simpleType></xs:element>"
        )
    yield '    <xs:element name="ServiceReference" type="Service"/>'
    yield '    <xs:element name="ValidFrom" type="xs:date"/>'
    yield '    <xs:element name="ValidUntil" type="xs:date" minOccurs="0"/>'
    yield '    <xs:element name="PreviousLicence" type="xs:string" minOccurs="0"/>'
    for fact in facts:
        yield f'    <xs:element name="{fact.xml}" type="Fact" minOccurs="0"/>'


def json_schema(wording: LicenceWording, address: str) -> dict[str, Any]:
    """The JSON schema of the ContentInformation.json of these licences: the same names, the same facts."""
    fixed = {name: _text(f"^{pattern}$", meaning) for name, pattern, meaning in _FIXED}
    service = {"name": {"type": "string"}, "version": {"type": "integer", "minimum": 1}}
    fact = {"label": {"type": "string"}, "value": {"type": "string"}}
    return {
        "$schema": _DRAFT,
        "$id": address,
        "title": wording.xml_root,
        **_object(
            {
                "$schema": {"const": address},
                "Kind": {"const": wording.xml_root},
                **fixed,
                "ServiceReference": _object(service, list(service)),
                "ValidFrom": _text(f"^{_DAY}$", "first day"),
                "ValidUntil": _text(f"^{_DAY}$", "last day; absent where it never ends"),
                "PreviousLicence": _text(
                    ".+", "number of the licence that this one renews; absent where it renews none"
                ),
                "Facts": _object(
                    {one.xml: {**_object(fact, list(fact)), "title": one.label.en} for one in wording.facts}, []
                ),
            },
            ["$schema", "Kind", *fixed, "ServiceReference", "ValidFrom", "Facts"],
        ),
    }


def _object(properties: dict[str, Any], required: list[str]) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": required, "additionalProperties": False}


def _text(pattern: str, meaning: str) -> dict[str, str]:
    return {"type": "string", "pattern": pattern, "description": meaning}


def faults(xml: bytes, wording: LicenceWording) -> list[str]:
    """Where the XML of a licence is not what its schema promises; an empty list means nowhere."""
    schema = _compiled(wording)
    if schema.validate(etree.fromstring(xml, _reader())):
        return []
    return [f"ContentInformation.xml, line {error.line}: {error.message}" for error in schema.error_log]


@lru_cache(256)
def _compiled(wording: LicenceWording) -> etree.XMLSchema:
    return etree.XMLSchema(etree.fromstring(xsd(wording), _reader()))


def _reader() -> etree.XMLParser:
    return etree.XMLParser(resolve_entities=False, no_network=True)
