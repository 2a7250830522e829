"""Documents to look at and to test with: a licence, a receipt, a long table, and one with every kind of block."""

from datetime import UTC, datetime

from app.pdf.blocks import (
    Align,
    Canvas,
    Column,
    Columns,
    Facts,
    Heading,
    Items,
    Panel,
    Paragraph,
    Qr,
    Rule,
    Seal,
    Spacer,
    Statement,
    Stretch,
    Table,
    Ticks,
    Tone,
    Writing,
)
from app.pdf.whole import Attachment, Document, Footer, Frame, Property, Relationship, Schema, SignatureField

NOW = datetime(2026, 11, 20, 4, 30, tzinfo=UTC)
VERIFY = "https://judiao.example.go.th/verify/01936f4e-8a70-7c3e-9d21-5b8f0a6c4d11"
SIGNATURE = SignatureField("ลายมือชื่อดิจิทัลของหน่วยงานผู้ออกเอกสาร")

LICENCE_XML = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<licence xmlns="urn:judiao:licence:1"><number>สอ.0042/2569</number>'
    "<holder>นางสาวมะลิ ตัวอย่าง</holder><premises>ร้านข้าวแกงปั๊มน้ำมันปิ่นโต</premises></licence>\n"
).encode()

ETDA = Schema(
    "Electronic Document",
    "urn:etda:pdfa:ElectronicDocument:1p0:standard#",
    "ed",
    [
        Property("DocumentFileName", "ContentInformation.xml", "Name of the embedded XML"),
        Property("DocumentVersion", "1.0", "Version of the document's layout"),
        Property("DocumentReferenceID", "สอ.0042/2569", "Number of the document"),
        Property("DocumentOID", "2.16.764.1.4.100.999", "Kind of the document"),
    ],
)


def licence(identity: str = "01936f4e-8a70-7c3e-9d21-5b8f0a6c4d11", holder: str = "นางสาวมะลิ ตัวอย่าง") -> Document:
    """One framed page as an official would hand it over."""
    return Document(
        id=identity,
        title="หนังสือรับรองการแจ้งจัดตั้งสถานที่จำหน่ายอาหาร เลขที่ สอ.0042/2569",
        language="th-TH",
        subject="พระราชบัญญัติการสาธารณสุข พ.ศ. 2535",
        author="เทศบาลตำบลตัวอย่าง",
        frame=Frame.DOUBLE_RULE,
        footer=Footer("สอ.0042/2569 · ตรวจสอบที่ judiao.example.go.th/verify", "หน้า {page} จาก {pages}"),
        signature=SIGNATURE,
        attachments=[
            Attachment("ContentInformation.xml", LICENCE_XML, "text/xml", Relationship.ALTERNATIVE, "ข้อมูลใบอนุญาต")
        ],
        schemas=[ETDA],
        blocks=[
            Paragraph("เลขที่ สอ.0042/2569", Align.RIGHT),
            Seal("ตราสัญลักษณ์ของระบบจุดเดียว", 92),
            Paragraph("เทศบาลตำบลตัวอย่าง", Align.CENTRE, size=15, bold=True, tone=Tone.DONE),
            Heading("หนังสือรับรองการแจ้งจัดตั้งสถานที่จำหน่ายอาหารและสถานที่สะสมอาหาร", align=Align.CENTRE, size=22),
            Paragraph("Certificate of Notification of Food Premises", Align.CENTRE, tone=Tone.SOFT, language="en"),
            Rule(ornament=True),
            Spacer(12),
            Facts(
                [
                    ("ออกให้แก่", holder),
                    ("เลขประจำตัวประชาชน", "x-xxxx-xxxxx-12-1"),
                    ("ชื่อสถานประกอบการ", "ร้านข้าวแกงปั๊มน้ำมันปิ่นโต"),
                    ("ที่ตั้ง", "12/3 หมู่ที่ 4 ถนนสุขาภิบาล 1 ตำบลสีคิ้ว อำเภอสีคิ้ว จังหวัดนครราชสีมา 30140"),
                    ("ประเภท", "สถานที่จำหน่ายอาหาร พื้นที่ 180 ตารางเมตร"),
                    ("วันที่ออก", "20\u00a0พฤศจิกายน\u00a02569"),
                    ("ใช้ได้ถึง", "19\u00a0พฤศจิกายน\u00a02570"),
                ],
                size=13,
            ),
            Spacer(10),
            Paragraph(
                "ผู้ได้รับหนังสือรับรองต้องปฏิบัติตามข้อบัญญัติท้องถิ่นและเงื่อนไขที่กำหนดไว้ หากฝ่าฝืนหรือไม่ปฏิบัติตาม "
                "เจ้าพนักงานท้องถิ่นมีอำนาจสั่งพักใช้หรือเพิกถอนได้ ทั้งนี้ ใช้ได้เฉพาะสถานที่ที่ระบุไว้ข้างต้นเท่านั้น"
            ),
            Stretch(),
            Columns(
                [
                    [Qr(VERIFY, "รหัสคิวอาร์สำหรับตรวจสอบหนังสือรับรอง", "สแกนเพื่อตรวจสอบ", 100)],
                    [
                        Spacer(18),
                        Statement(
                            [
                                "ลงลายมือชื่อดิจิทัลแล้ว",
                                "นายสมมุติ ใจดี",
                                "นายกเทศมนตรีตำบลตัวอย่าง เจ้าพนักงานท้องถิ่น",
                                "20\u00a0พฤศจิกายน\u00a02569 เวลา 11:30\u00a0น.",
                            ]
                        ),
                    ],
                ],
                shares=[1, 1.6],
            ),
        ],
    )


def receipt() -> Document:
    """One plain page with amounts."""
    return Document(
        id="01936f4e-8a70-7c3e-9d21-5b8f0a6c4d12",
        title="ใบเสร็จรับเงินอิเล็กทรอนิกส์ เลขที่ 2569/000317",
        language="th-TH",
        author="เทศบาลตำบลตัวอย่าง",
        footer=Footer("ใบเสร็จรับเงิน 2569/000317", "หน้า {page} จาก {pages}"),
        signature=SIGNATURE,
        blocks=[
            Columns(
                [
                    [
                        Heading("ใบเสร็จรับเงิน", size=24),
                        Paragraph("เทศบาลตำบลตัวอย่าง", bold=True),
                        Paragraph("99 ถนนเทศบาล ตำบลสีคิ้ว อำเภอสีคิ้ว นครราชสีมา 30140", tone=Tone.SOFT, size=11),
                    ],
                    [Seal("ตราสัญลักษณ์ของระบบจุดเดียว", 72, Align.RIGHT)],
                ],
                shares=[3, 1],
            ),
            Spacer(6),
            Panel(
                [
                    Paragraph("ชำระแล้ว 3,649.22 บาท", size=16, bold=True, tone=Tone.DONE),
                    Paragraph("(สามพันหกร้อยสี่สิบเก้าบาทยี่สิบสองสตางค์)"),
                ]
            ),
            Spacer(6),
            Facts(
                [
                    ("เลขที่ใบเสร็จ", "2569/000317"),
                    ("วันที่ชำระ", "20\u00a0พฤศจิกายน\u00a02569 เวลา 10:42\u00a0น."),
                    ("ได้รับเงินจาก", "นางสาวมะลิ ตัวอย่าง"),
                    ("ช่องทาง", "Thai QR (พร้อมเพย์) รายการอ้างอิง 20261120104233871"),
                ]
            ),
            Heading("รายการ", level=2),
            Table(
                [
                    Column("ลำดับ", 0.7, Align.CENTRE),
                    Column("รายการ", 4),
                    Column("จำนวน", 1, Align.RIGHT),
                    Column("จำนวนเงิน (บาท)", 1.6, Align.RIGHT),
                ],
                [
                    ("1", "ค่าธรรมเนียมหนังสือรับรองการแจ้งจัดตั้งสถานที่จำหน่ายอาหาร พื้นที่ไม่เกิน 200 ตารางเมตร", "1", "1,000.00"),
                    ("2", "ค่าธรรมเนียมใบอนุญาตประกอบกิจการที่เป็นอันตรายต่อสุขภาพ", "1", "2,500.00"),
                    ("3", "ภาษีป้าย ป้ายที่มีอักษรไทยล้วน 240 × 120 ซม.", "1", "149.22"),
                ],
                totals=[("รวมทั้งสิ้น", "3,649.22")],
            ),
            Spacer(10),
            Rule(),
            Columns(
                [
                    [Qr(VERIFY, "รหัสคิวอาร์สำหรับตรวจสอบใบเสร็จ", "สแกนเพื่อตรวจสอบใบเสร็จ", 88)],
                    [
                        Spacer(10),
                        Statement(["ลงลายมือชื่อดิจิทัลแล้ว", "นางสาวสมใจ ตัวอย่าง", "เจ้าพนักงานจัดเก็บรายได้"]),
                    ],
                ],
                shares=[1, 1.4],
            ),
        ],
    )


def long_table(rows: int = 55) -> Document:
    """A table over several pages."""
    names = ["นางสาวปิ่นแก้ว ตัวอย่างน้ำฝน", "นายกฤษฎิ์ ตัวอย่าง", "ห้างหุ้นส่วนจำกัด ปั๊มน้ำมันเพิ่มพูนทรัพย์รุ่งเรืองกิจ"]
    return Document(
        id="01936f4e-8a70-7c3e-9d21-5b8f0a6c4d13",
        title="ทะเบียนคำขอประจำเดือนพฤศจิกายน 2569",
        language="th-TH",
        footer=Footer("ทะเบียนคำขอประจำเดือนพฤศจิกายน 2569", "หน้า {page} จาก {pages}"),
        blocks=[
            Heading("ทะเบียนคำขอประจำเดือนพฤศจิกายน 2569"),
            Paragraph("เรียงตามวันที่รับคำขอ จำนวนเงินเป็นบาท", tone=Tone.SOFT),
            Table(
                [
                    Column("ที่", 0.5, Align.RIGHT),
                    Column("เลขที่คำขอ", 1.5),
                    Column("ผู้ยื่นคำขอ", 3),
                    Column("วันที่", 1.3),
                    Column("เงิน", 1, Align.RIGHT),
                ],
                [
                    (str(i), f"69-{i:06d}", names[i % 3], f"{i % 28 + 1}\u00a0พ.ย.\u00a02569", f"{i * 137 % 5000:,}.00")
                    for i in range(1, rows + 1)
                ],
                totals=[("รวม", f"{sum(i * 137 % 5000 for i in range(1, rows + 1)):,}.00")],
            ),
        ],
    )


def everything() -> Document:
    """Every kind of block, both weights, three alignments, several pages."""
    base = licence()
    return Document(
        id="01936f4e-8a70-7c3e-9d21-5b8f0a6c4d14",
        title="เอกสารตัวอย่าง & <ทุกอย่าง>",
        language="th-TH",
        subject="ตัวอย่าง",
        author="จุดเดียว",
        frame=Frame.DOUBLE_RULE,
        footer=Footer("อ้างอิง 69-000001 " * 6, "หน้า {page} จาก {pages}"),
        signature=SIGNATURE,
        schemas=[ETDA],
        attachments=[
            *base.attachments,
            Attachment("answers.json", b'{"a": 1}', "application/json", Relationship.SOURCE, "คำตอบที่ยื่น"),
        ],
        blocks=[
            *base.blocks,
            Ticks(["บุคคลธรรมดา", "นิติบุคคล ซึ่งจดทะเบียนไว้กับกรมพัฒนาธุรกิจการค้าแล้วและยังดำเนินกิจการอยู่ในวันที่ยื่นคำขอนี้"]),
            Writing("ลงชื่อ (ผู้ยื่น)", 2),
            Writing("เหตุผลที่ขอให้เจ้าหน้าที่พิจารณาเป็นการเฉพาะราย พร้อมเอกสารที่เกี่ยวข้องทั้งหมดซึ่งแนบมาด้วย", 2),
            Canvas("แผนที่ตั้ง", 120),
            Heading("หมวดที่ 1 เงื่อนไข", level=2),
            Items(
                [
                    "ต้องแสดงหนังสือรับรองไว้ในที่เปิดเผยและเห็นได้ง่าย ณ สถานประกอบการตลอดเวลาที่ประกอบกิจการ",
                    "น้ำดื่มที่จำหน่ายต้องผ่านการตรวจสอบคุณภาพ",
                ],
                ["1.", "2."],
            ),
            Heading("ข้อย่อย", level=3),
            Panel(
                [Paragraph("หมดอายุแล้ว", bold=True, tone=Tone.STOP), Facts([("เหตุ", "ไม่ชำระค่าธรรมเนียมรายปี")])], Tone.STOP
            ),
            Rule(),
            *long_table(40).blocks[2:],
            Table(
                [Column("หัวข้อ"), Column("รายละเอียด", 3)],
                [("ยาวมาก", "ผู้รับใบอนุญาตต้องดูแลรักษาความสะอาดให้ถูกสุขลักษณะอยู่เสมอ " * 60)],
            ),
            Paragraph("จบ", Align.RIGHT),
        ],
    )
