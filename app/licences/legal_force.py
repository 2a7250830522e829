"""What an electronic licence and its print-out are worth before the law, in words that a person understands. Data.

Source: Electronic Transactions Act B.E. 2544 (2001) with its amendments No. 2 (2551), No. 3 and No. 4 (2562). `confirm`
marks what was written from memory and is to be checked with the authority's lawyers before launch.
"""

from dataclasses import dataclass

from app.catalogue.texts import Text

ACT = Text(
    th="พระราชบัญญัติว่าด้วยธุรกรรมทางอิเล็กทรอนิกส์ พ.ศ. 2544",
    en="Electronic Transactions Act B.E. 2544 (2001)",
)


@dataclass(frozen=True)
class Effect:
    """One thing the law says of such a document, and where in the Act."""

    says: Text
    sections: Text
    confirm: bool = True


EFFECTS = (
    Effect(
        Text(
            th="ไฟล์ที่ลงลายมือชื่อแล้วคือต้นฉบับ มีผลเช่นเดียวกับเอกสารกระดาษที่ลงชื่อ",
            en="The signed file is the original. It has the same effect as a signed paper.",
        ),
        Text(th="มาตรา 9 และ 10", en="sections 9 and 10"),
    ),
    Effect(
        Text(
            th="ลายมือชื่อทำด้วยใบรับรองของหน่วยงาน ใครก็ตรวจได้ว่าใครลงชื่อ และไม่มีอะไรถูกแก้หลังจากนั้น",
            en="It is signed with the authority’s certificate. Anyone can check who signed, "
            "and that nothing changed since.",
        ),
        Text(th="มาตรา 26 และ 28", en="sections 26 and 28"),
    ),
    Effect(
        Text(
            th="ใช้เป็นพยานหลักฐานได้ และเก็บเป็นไฟล์แทนกระดาษได้",
            en="It can be used as evidence, and kept as a file instead of on paper.",
        ),
        Text(th="มาตรา 11 และ 12", en="sections 11 and 12"),
    ),
    Effect(
        Text(
            th="แผ่นที่พิมพ์ออกใช้อ้างอิงได้ ให้ตรวจคิวอาร์ก่อนเชื่อ และใช้แทนต้นฉบับได้เมื่อรับรองตามที่กฎหมายกำหนด",
            en="A print-out is for reference: check its QR code before you rely on it. "
            "It stands in for the original only when certified as the law prescribes.",
        ),
        Text(th="มาตรา 10 วรรคสี่", en="section 10, fourth paragraph"),
    ),
)

ON_THE_DOCUMENT = (
    "ต้นฉบับคือไฟล์ที่ลงลายมือชื่อแล้ว มีผลตามมาตรา 9, 10 และ 26 แห่ง พ.ร.บ. ว่าด้วยธุรกรรมทางอิเล็กทรอนิกส์ พ.ศ. 2544 "
    "แผ่นที่พิมพ์ออกให้ตรวจด้วยคิวอาร์"
)
"""The same at the foot of every licence, in Thai by law."""
