"""The XMP metadata of a document: what it is, which standards it keeps, and the schemas a caller adds."""

from collections.abc import Sequence
from datetime import UTC, datetime
from xml.sax.saxutils import escape, quoteattr

from app.pdf.whole import Document, Property, Schema

PRODUCER = "Judiao document engine"

_PDFUA = Schema(
    "PDF/UA identification schema",
    "http://www.aiim.org/pdfua/ns/id/",
    "pdfuaid",
    [Property("part", "1", "Part of ISO 14289 the file keeps")],
)

_PACKET = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xmp="http://ns.adobe.com/xap/1.0/"
 xmlns:pdf="http://ns.adobe.com/pdf/1.3/" xmlns:xmpMM="http://ns.adobe.com/xap/1.0/mm/"
 xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/">
<dc:format>application/pdf</dc:format>
<dc:language><rdf:Bag><rdf:li>{language}</rdf:li></rdf:Bag></dc:language>
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>
{optional}<xmp:CreateDate>{moment}</xmp:CreateDate><xmp:ModifyDate>{moment}</xmp:ModifyDate>
<xmp:MetadataDate>{moment}</xmp:MetadataDate>
<xmp:CreatorTool>{producer}</xmp:CreatorTool><pdf:Producer>{producer}</pdf:Producer>
<xmpMM:DocumentID>uuid:{id}</xmpMM:DocumentID>
<pdfaid:part>3</pdfaid:part><pdfaid:conformance>A</pdfaid:conformance>
</rdf:Description>
{properties}
<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
 xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
<pdfaExtension:schemas><rdf:Bag>{declarations}</rdf:Bag></pdfaExtension:schemas>
</rdf:Description>
</rdf:RDF></x:xmpmeta>
<?xpacket end="w"?>"""


def xmp(document: Document, now: datetime) -> bytes:
    """The XMP packet (ISO 16684-1) of a PDF/A-3a and PDF/UA-1 file made at `now`."""
    schemas = [_PDFUA, *document.schemas]
    optional = ""
    if document.author:
        optional += f"<dc:creator><rdf:Seq><rdf:li>{escape(document.author)}</rdf:li></rdf:Seq></dc:creator>\n"
    if document.subject:
        subject = escape(document.subject)
        optional += (
            f'<dc:description><rdf:Alt><rdf:li xml:lang="x-default">{subject}</rdf:li></rdf:Alt></dc:description>\n'
        )
    return _PACKET.format(
        language=escape(document.language),
        title=escape(document.title),
        optional=optional,
        moment=now.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S+00:00"),
        producer=PRODUCER,
        id=escape(document.id),
        properties="\n".join(_values(schema) for schema in schemas),
        declarations="\n".join(_declaration(schema) for schema in schemas),
    ).encode()


def _values(schema: Schema) -> str:
    prefix, namespace = schema.prefix, quoteattr(schema.namespace)
    values = "".join(f"<{prefix}:{p.name}>{escape(p.value)}</{prefix}:{p.name}>" for p in schema.properties)
    return f'<rdf:Description rdf:about="" xmlns:{prefix}={namespace}>{values}</rdf:Description>'


def _declaration(schema: Schema) -> str:
    """ISO 19005-3, 6.6.2.3: a schema that is not predefined is described inside the file."""
    return (
        '<rdf:li rdf:parseType="Resource">'
        f"<pdfaSchema:schema>{escape(schema.title)}</pdfaSchema:schema>"
        f"<pdfaSchema:namespaceURI>{escape(schema.namespace)}</pdfaSchema:namespaceURI>"
        f"<pdfaSchema:prefix>{escape(schema.prefix)}</pdfaSchema:prefix>"
        "<pdfaSchema:property>"
        f"<rdf:Seq>{_descriptions(schema.prefix, schema.properties)}</rdf:Seq>"
        "</pdfaSchema:property>"
        "</rdf:li>"
    )


def _descriptions(prefix: str, properties: Sequence[Property]) -> str:
    kind = "Integer" if prefix == _PDFUA.prefix else "Text"
    return "".join(
        '<rdf:li rdf:parseType="Resource">'
        f"<pdfaProperty:name>{escape(p.name)}</pdfaProperty:name>"
        f"<pdfaProperty:valueType>{kind}</pdfaProperty:valueType>"
        "<pdfaProperty:category>internal</pdfaProperty:category>"
        f"<pdfaProperty:description>{escape(p.description)}</pdfaProperty:description>"
        "</rdf:li>"
        for p in properties
    )
