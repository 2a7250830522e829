"""Judges the metadata of a file: identification as PDF/A-3a and PDF/UA-1, declared schemas, agreement with Info."""

from collections.abc import Iterator
from xml.etree import ElementTree as ET

from app.pdf.objects import Opened, inside, is_stream

_RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
_DC = "{http://purl.org/dc/elements/1.1/}"
_PDFAID = "{http://www.aiim.org/pdfa/ns/id/}"
_PDFUAID = "{http://www.aiim.org/pdfua/ns/id/}"
_EXTENSION = "{http://www.aiim.org/pdfa/ns/extension/}"
_SCHEMA = "{http://www.aiim.org/pdfa/ns/schema#}"
_PROPERTY = "{http://www.aiim.org/pdfa/ns/property#}"
_PREDEFINED = (
    _DC,
    _PDFAID,
    _EXTENSION,
    "{http://ns.adobe.com/xap/1.0/}",
    "{http://ns.adobe.com/xap/1.0/mm/}",
    "{http://ns.adobe.com/pdf/1.3/}",
)
_PROPERTY_FIELDS = ("name", "valueType", "category", "description")


def metadata_problems(file: Opened) -> list[str]:
    """What is wrong with the XMP packet and the Info dictionary."""
    stream = file.root.get("/Metadata")
    if not is_stream(stream):
        return ["no metadata"]
    try:
        packet = ET.fromstring(stream.read_bytes())  # noqa: S314 - expat loads nothing and bounds expansion
    except ET.ParseError as problem:
        return [f"metadata: {problem}"]
    properties = {child.tag: child for about in packet.iter(f"{_RDF}Description") for child in about}
    return [
        *_identification(properties),
        *_schemas(packet, list(properties)),
        *_agreement(properties, file),
    ]


def _identification(properties: dict[str, ET.Element]) -> Iterator[str]:
    wanted = {f"{_PDFAID}part": "3", f"{_PDFAID}conformance": "A", f"{_PDFUAID}part": "1"}
    for tag, value in wanted.items():
        found = properties[tag].text if tag in properties else None
        if found != value:
            yield f"metadata: {tag} is {found}, not {value}"


def _schemas(packet: ET.Element, used: list[str]) -> Iterator[str]:
    """ISO 19005-3, 6.6.2.3: a property is predefined or described in the file."""
    declared: set[str] = set()
    for schema in packet.findall(f".//{_EXTENSION}schemas/{_RDF}Bag/{_RDF}li"):
        namespace = schema.findtext(f"{_SCHEMA}namespaceURI") or ""
        if not all(schema.findtext(f"{_SCHEMA}{name}") for name in ("schema", "namespaceURI", "prefix")):
            yield f"metadata: the schema {namespace} is described incompletely"
        for described in schema.findall(f"{_SCHEMA}property/{_RDF}Seq/{_RDF}li"):
            fields = [described.findtext(f"{_PROPERTY}{name}") for name in _PROPERTY_FIELDS]
            if not all(fields):
                yield f"metadata: the property {fields[0]} is described incompletely"
            declared.add(f"{{{namespace}}}{fields[0]}")
    for tag in used:
        if not tag.startswith(_PREDEFINED) and tag not in declared:
            yield f"metadata: {tag} is neither predefined nor described"


def _agreement(properties: dict[str, ET.Element], file: Opened) -> Iterator[str]:
    title = properties.get(f"{_DC}title")
    text = "".join(title.itertext()).strip() if title is not None else ""
    if not text:
        yield "metadata: no title"
    written = inside(file.trailer, "/Info", "/Title")
    if written is not None and str(written) != text:
        yield "metadata: the title differs from the one in Info"
