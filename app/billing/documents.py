"""The papers of money: the bill a person pays from, and the e-receipt, as blocks for the PDF engine and as XML.

The receipt carries what CGD's electronic receipt asks for (agency, number, place and date, payer, what for, amount in
figures and words, how it was paid, who receives) and is sealed with the agency's certificate instead of a signature.
Nothing is computed here: every word and amount was copied onto bill, lines and payment when they were made.
"""

from collections.abc import Sequence
from xml.etree import ElementTree as ET

from app.billing import bills, thai_qr
from app.billing.models import Bill, BillLine, Payment, Receipt
from app.catalogue.agencies import Agency
from app.core.clock import BANGKOK
from app.core.money import baht, baht_words
from app.core.thai import NBSP, date_long, format_citizen_id, moment_long
from app.pdf.blocks import (
    Align,
    Block,
    Column,
    Columns,
    Facts,
    Heading,
    Panel,
    Paragraph,
    Qr,
    Rule,
    Seal,
    Statement,
    Stretch,
    Table,
    Tone,
)
from app.pdf.whole import Attachment, Document, Footer, Frame, Property, Relationship, Schema, SignatureField

NAMESPACE = "urn:judiao:receipt:1"
XML_NAME = "ContentInformation.xml"
ED = "urn:etda:pdfa:ElectronicDocument:1p0:standard#"


def receipt(bill: Bill, lines: Sequence[BillLine], issued: Receipt, payment: Payment, agency: Agency) -> Document:
    """ใบเสร็จรับเงิน of a paid bill, with its data attached as XML; it is sealed after drawing."""
    return Document(
        id=str(issued.id),
        title=f"ใบเสร็จรับเงิน {issued.number}",
        language="th-TH",
        subject="ใบเสร็จรับเงินค่าธรรมเนียม",
        author=bill.payee_th,
        frame=Frame.DOUBLE_RULE,
        signature=SignatureField(f"ตราประทับอิเล็กทรอนิกส์ของ{bill.payee_th}"),
        attachments=[
            Attachment(
                XML_NAME,
                receipt_xml(bill, lines, issued, payment, agency),
                "text/xml",
                Relationship.ALTERNATIVE,
                "ข้อมูลของใบเสร็จนี้สำหรับเครื่องคอมพิวเตอร์",
            )
        ],
        schemas=[_etda(issued)],
        blocks=[
            Columns(
                [
                    [Seal(f"ตราสัญลักษณ์ของ{bill.payee_th}", size=64, align=Align.LEFT)],
                    [
                        Paragraph(bill.payee_th, size=15, bold=True),
                        Paragraph(agency.address.th, size=11, tone=Tone.SOFT),
                        Paragraph(
                            f"เลขประจำตัวผู้เสียภาษี {format_citizen_id(agency.tax_id)} · โทร. {agency.phone}",
                            size=11,
                            tone=Tone.SOFT,
                        ),
                    ],
                ],
                [1, 5],
            ),
            Heading("ใบเสร็จรับเงิน", 1, Align.CENTRE, 22),
            Facts(
                [
                    ("เลขที่", issued.number),
                    ("ออกที่", bill.payee_th),
                    ("วันที่", date_long(issued.issued_at)),
                    ("รับเงินจาก", bill.payer_name),
                    ("ตามใบแจ้งชำระ", bill.number),
                ],
                size=13 if len(lines) == 1 else 11,
            ),
            *_amounts(bill, lines, "เป็นค่า"),
            Heading("การชำระ", 2, size=14),
            Facts(
                [
                    ("ชำระเมื่อ", moment_long(payment.paid_at)),
                    ("วิธีชำระ", "โอนผ่านธนาคารด้วยคิวอาร์หรือใบนำฝาก (Thai QR bill payment)"),
                    ("เลขที่รายการของธนาคาร", payment.transaction_id),
                    ("อ้างอิง 1 · อ้างอิง 2", f"{payment.ref1} · {payment.ref2}"),
                ],
                size=12 if len(lines) == 1 else 11,
            ),
            Stretch(),
            Statement(
                [
                    f"ผู้รับเงิน {bill.payee_th}",
                    "ประทับตราอิเล็กทรอนิกส์ด้วยใบรับรองของหน่วยงาน แทนการลงลายมือชื่อผู้รับเงิน",
                ]
            ),
        ],
        footer=Footer("ต้นฉบับคือไฟล์อิเล็กทรอนิกส์ที่ประทับตราแล้ว", page="หน้า {page} / {pages}"),
    )


def bill(owed: Bill, lines: Sequence[BillLine], agency: Agency) -> Document:
    """ใบแจ้งชำระ: what is owed and until when, the Thai QR to scan, and a slip for the bank's counter."""
    asked = bills.thai_qr_of(owed)
    amount = f"{baht(owed.amount_satang)}{NBSP}บาท"
    return Document(
        id=str(owed.id),
        title=f"ใบแจ้งชำระ {owed.number}",
        language="th-TH",
        subject="ใบแจ้งชำระค่าธรรมเนียม",
        author=owed.payee_th,
        blocks=[
            Paragraph(owed.payee_th, size=15, bold=True),
            Paragraph(f"{agency.address.th} · โทร. {agency.phone}", size=11, tone=Tone.SOFT),
            Heading("ใบแจ้งชำระค่าธรรมเนียม", 1, size=22),
            Facts(
                [
                    ("เลขที่", f"{owed.number} ออกเมื่อ {date_long(owed.issued_at)}"),
                    ("ผู้ชำระ", owed.payer_name),
                    ("ชำระภายใน", moment_long(owed.due_at)),
                ]
            ),
            *_amounts(owed, lines, "รายการ"),
            Panel(
                [
                    Columns(
                        [
                            [
                                Qr(
                                    thai_qr.build(asked),
                                    f"คิวอาร์ชำระเงิน {amount} อ้างอิง {owed.ref1} และ {owed.ref2}",
                                    size=116,
                                )
                            ],
                            [
                                Heading(f"สแกนจ่าย {amount} ด้วยแอปธนาคาร", 2, size=15),
                                Facts(
                                    [
                                        ("ผู้รับเงิน", owed.payee_th),
                                        ("อ้างอิง 1 (Ref. 1)", owed.ref1),
                                        ("อ้างอิง 2 (Ref. 2)", owed.ref2),
                                    ]
                                ),
                                Paragraph("ตรวจชื่อผู้รับเงินก่อนยืนยัน จ่ายครั้งเดียว แล้วรอผลจากธนาคาร", size=11),
                            ],
                        ],
                        [1, 2.3],
                    )
                ]
            ),
            Stretch(),
            Rule(),
            Heading("ใบนำฝากสำหรับเคาน์เตอร์ธนาคาร", 2, size=13),
            Columns(
                [
                    [
                        Facts(
                            [
                                ("ผู้รับเงิน (Biller ID)", f"{owed.payee_th} ({owed.biller_id})"),
                                ("Ref. 1 · Ref. 2", f"{owed.ref1} · {owed.ref2}"),
                                ("ผู้ชำระ", owed.payer_name),
                                ("จำนวนเงิน", f"{amount} ({baht_words(owed.amount_satang)})"),
                                ("รับชำระถึง", moment_long(owed.due_at)),
                            ],
                            size=11,
                        )
                    ],
                    [
                        Qr(
                            thai_qr.barcode(asked),
                            "รหัสสำหรับเจ้าหน้าที่ธนาคารสแกน มีข้อมูลเดียวกับในใบนำฝาก",
                            "สำหรับเจ้าหน้าที่ธนาคาร",
                            size=88,
                            align=Align.RIGHT,
                        )
                    ],
                ],
                [3.4, 1],
            ),
        ],
        footer=Footer("ใบแจ้งชำระไม่ใช่ใบเสร็จรับเงิน ใบเสร็จออกให้เมื่อธนาคารยืนยันการชำระ", page="หน้า {page} / {pages}"),
    )


def receipt_xml(bill: Bill, lines: Sequence[BillLine], receipt: Receipt, payment: Payment, agency: Agency) -> bytes:
    """The receipt for machines, in a namespace of our own: dates ISO 8601 (Common Era), amounts like 1500.00."""
    ET.register_namespace("", NAMESPACE)
    root = ET.Element(f"{{{NAMESPACE}}}Receipt")

    def add(parent: ET.Element, name: str, text: str = "", **attributes: str) -> ET.Element:
        element = ET.SubElement(parent, f"{{{NAMESPACE}}}{name}", attributes)
        element.text = text or None
        return element

    add(root, "DocumentReferenceID", str(receipt.id))
    add(root, "ReceiptNumber", receipt.number)
    add(root, "IssuedAt", receipt.issued_at.astimezone(BANGKOK).isoformat())
    issuer = add(root, "Issuer")
    add(issuer, "Name", bill.payee_th)
    add(issuer, "NameEnglish", bill.payee_en)
    add(issuer, "TaxID", agency.tax_id)
    add(issuer, "Address", agency.address.th)
    add(add(root, "Payer"), "Name", bill.payer_name)
    for line in lines:
        item = add(root, "Item", number=str(line.position))
        add(item, "Description", line.label_th)
        add(item, "DescriptionEnglish", line.label_en)
        add(item, "Service", line.service_slug)
        add(item, "Law", line.law)
        add(item, "Amount", _point(line.satang), currency="THB")
    add(root, "Total", _point(bill.amount_satang), currency="THB")
    add(root, "TotalInWords", baht_words(bill.amount_satang))
    paid = add(root, "Payment")
    add(paid, "BillNumber", bill.number)
    add(paid, "BillerID", payment.biller_id)
    add(paid, "Reference1", payment.ref1)
    add(paid, "Reference2", payment.ref2)
    add(paid, "Channel", payment.channel)
    add(paid, "TransactionID", payment.transaction_id)
    add(paid, "PaidAt", payment.paid_at.astimezone(BANGKOK).isoformat())
    return bytes(ET.tostring(root, encoding="utf-8", xml_declaration=True))


def _amounts(bill: Bill, lines: Sequence[BillLine], what: str) -> list[Block]:
    """The fees with their law, their sum in figures, and the sum in words."""
    return [
        Table(
            [Column(what, 2.2), Column("ตามกฎหมาย", 2.6), Column("จำนวนเงิน (บาท)", 1.1, Align.RIGHT)],
            [(line.label_th, line.law, baht(line.satang)) for line in lines],
            [("รวมทั้งสิ้น", baht(bill.amount_satang))],
            size=11 if len(lines) == 1 else 9.5,
        ),
        Paragraph(f"({baht_words(bill.amount_satang)})", Align.RIGHT, bold=True),
    ]


def _point(satang: int) -> str:
    return f"{satang // 100}.{satang % 100:02d}"


def _etda(receipt: Receipt) -> Schema:
    return Schema(
        title="ETDA Electronic Document",
        namespace=ED,
        prefix="ed",
        properties=[
            Property("DocumentFileName", XML_NAME, "name of the embedded data file"),
            Property("DocumentVersion", "1.0", "version of the embedded data"),
            Property("DocumentReferenceID", str(receipt.id), "identifier of this document"),
            Property("DocumentOID", "2.16.764.1.4.100.0", "object identifier of the document type, to be assigned"),
        ],
    )
