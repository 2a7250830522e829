"""The agencies of the demonstration and who works for them: every officer is invented, one at least for every desk."""

from functools import cache
from pathlib import Path

from app.catalogue.loader import load
from app.demo import departments
from app.demo.roles import Agency, Both, Officer, OfficerSeed

CATALOGUE = Path(__file__).parents[2] / "services_catalog"

MR = Both("นาย", "Mr")
MRS = Both("นาง", "Mrs")
MISS = Both("นางสาว", "Miss")

MUANG = "muang-tuayang"
NAKHON = "nakhon-sommut"
THUNG = "thung-sommut"
EXCISE = "excise"
REFORM = "public-sector-reform"
"""A body that reports on services and gives none itself: it receives no application and signs nothing."""


@cache
def agencies() -> tuple[Agency, ...]:
    """Every agency of the catalogue gets a seal and a bank account here."""
    return tuple(
        Agency(agency.code, Both(agency.name.th, agency.name.en), agency.biller_id)
        for agency in load(CATALOGUE).agencies.values()
    )


OFFICERS: tuple[Officer, ...] = (
    Officer(
        "nueng",
        "3000000011775",
        MRS,
        Both("สาธิต", "Sathit"),
        Both("หนึ่ง", "Nueng"),
        Both("นักวิชาการสุขาภิบาลชำนาญการ", "Sanitation officer"),
        MUANG,
        "health",
        ("receive", "check"),
        Both("รับเรื่องและตรวจคำขอ", "Receives and checks applications"),
    ),
    Officer(
        "song",
        "3000000012844",
        MR,
        Both("สาธิต", "Sathit"),
        Both("สอง", "Song"),
        Both("ผู้อำนวยการกองสาธารณสุขและสิ่งแวดล้อม", "Director, public health and environment"),
        MUANG,
        "health",
        ("approve",),
        Both("ลงนามอนุญาต", "Signs the decision"),
    ),
    Officer(
        "sam",
        "5000000013910",
        MISS,
        Both("สาธิต", "Sathit"),
        Both("สาม", "Sam"),
        Both("นักวิชาการเงินและบัญชี", "Finance officer"),
        MUANG,
        None,
        ("cashier",),
        Both("การเงิน กระทบยอดกับธนาคาร", "Finance; reconciles with the bank"),
    ),
    Officer(
        "si",
        "3000000014987",
        MR,
        Both("สาธิต", "Sathit"),
        Both("สี่", "Si"),
        Both("ปลัดเทศบาล", "Municipal clerk"),
        MUANG,
        None,
        ("manage",),
        Both("ดูแลเจ้าหน้าที่และสถิติของหน่วยงาน", "Manages the agency's officers and figures"),
    ),
    Officer(
        "ha",
        "3000000021479",
        MR,
        Both("สาธิต", "Sathit"),
        Both("ห้า", "Ha"),
        Both("หัวหน้าฝ่ายอนามัยสิ่งแวดล้อม", "Head of environmental health"),
        MUANG,
        "health",
        ("receive", "check", "approve"),
        Both("ทำได้ทุกขั้น ตั้งแต่รับเรื่องจนลงนาม", "May do every step, from receiving to signing"),
    ),
    Officer(
        "hok",
        "1000000022541",
        MISS,
        Both("สมมุติ", "Sommut"),
        Both("หนึ่ง", "Nueng"),
        Both("เจ้าพนักงานสาธารณสุข", "Public health officer"),
        NAKHON,
        None,
        ("receive", "check", "approve", "cashier"),
        Both("เจ้าหน้าที่ของหน่วยงานอื่น", "An officer of another agency"),
    ),
    Officer(
        "paet",
        "3000000032021",
        MR,
        Both("สาธิต", "Sathit"),
        Both("แปด", "Paet"),
        Both("เจ้าพนักงานทะเบียนพาณิชย์", "Commercial registration officer"),
        MUANG,
        "registry",
        ("receive", "check"),
        Both("รับเรื่องและตรวจคำขอจดทะเบียนพาณิชย์", "Receives and checks commercial registrations"),
    ),
    Officer(
        "kao",
        "1000000033039",
        MISS,
        Both("สาธิต", "Sathit"),
        Both("เก้า", "Kao"),
        Both("นายทะเบียนพาณิชย์", "Commercial registrar"),
        MUANG,
        "registry",
        ("approve",),
        Both("ลงนามใบทะเบียนพาณิชย์", "Signs commercial registrations"),
    ),
    Officer(
        "sip",
        "3000000034040",
        MR,
        Both("สรรพ", "Sap"),
        Both("สาธิต", "Sathit"),
        Both("เจ้าพนักงานสรรพสามิตปฏิบัติงาน", "Excise officer, front desk"),
        EXCISE,
        "tuayang",
        ("receive",),
        Both("รับเรื่องที่สำนักงานสรรพสามิตพื้นที่ตัวอย่าง", "Receives at the Tuayang excise office"),
    ),
    Officer(
        "sipet",
        "5000000035051",
        MRS,
        Both("สามิต", "Samit"),
        Both("สาธิต", "Sathit"),
        Both("นักวิชาการสรรพสามิตชำนาญการ", "Excise academic"),
        EXCISE,
        "tuayang",
        ("receive", "check"),
        Both("ตรวจคำขอใบอนุญาตสุราและยาสูบ", "Checks liquor and tobacco applications"),
    ),
    Officer(
        "sipsong",
        "3000000036069",
        MR,
        Both("อากร", "Akon"),
        Both("สาธิต", "Sathit"),
        Both("สรรพสามิตพื้นที่", "Area excise officer"),
        EXCISE,
        "tuayang",
        ("approve",),
        Both("ลงนามใบอนุญาตสุราและยาสูบ", "Signs liquor and tobacco licences"),
    ),
    Officer(
        "sipsam",
        "3000000037073",
        MISS,
        Both("แสตมป์", "Stamp"),
        Both("สมมุติ", "Sommut"),
        Both("นักวิชาการสรรพสามิต", "Excise academic"),
        EXCISE,
        "sommut",
        ("receive", "check"),
        Both("อยู่อีกสำนักงานของกรมเดียวกัน", "Another office of the same department"),
    ),
    Officer(
        "sipsi",
        "5000000038084",
        MR,
        Both("สุรา", "Sura"),
        Both("สมมุติ", "Sommut"),
        Both("ผู้อำนวยการส่วนใบอนุญาต", "Director, licensing"),
        EXCISE,
        None,
        ("approve", "cashier", "manage"),
        Both("ลงนามได้ทุกสำนักงานของกรม", "May sign at every office of the department"),
    ),
    Officer(
        "sipha",
        "1000000039096",
        MISS,
        Both("กลาง", "Klang"),
        Both("สาธิต", "Sathit"),
        Both("นักวิชาการสรรพสามิต ศูนย์บริการส่วนกลาง", "Excise academic, central office"),
        EXCISE,
        "central",
        ("receive", "check"),
        Both("รับเรื่องจากพื้นที่ที่ไม่มีสำนักงาน", "Receives from areas without an office of their own"),
    ),
    Officer(
        "siphok",
        "3000000040007",
        MR,
        Both("สมมุติ", "Sommut"),
        Both("สอง", "Song"),
        Both("รองนายกเทศมนตรี", "Deputy mayor"),
        NAKHON,
        None,
        ("approve",),
        Both("ลงนามแทนนายกเทศมนตรีนครสมมุติ", "Signs for the mayor of Nakhon Sommut"),
    ),
    Officer(
        "rai",
        "3000000031521",
        MISS,
        Both("สาธิต", "Sathit"),
        Both("รายงาน", "Raingan"),
        Both("นักพัฒนาระบบราชการ", "Public sector development officer"),
        REFORM,
        None,
        ("report",),
        Both(
            "ดูระดับบริการ L0–L3 และตัวเลขของทุกหน่วยงาน ไม่เห็นคำขอของใคร",
            "Reads service levels L0–L3 and figures of every agency; sees no case",
        ),
    ),
    *departments.OFFICERS,
)

NEWCOMER = Officer(
    "chet",
    "1000000023611",
    MR,
    Both("สาธิต", "Sathit"),
    Both("เจ็ด", "Chet"),
    Both("เจ้าหน้าที่บรรจุใหม่", "New recruit"),
    "",
    None,
    (),
    Both("มี Digital ID แต่ยังไม่มีหน่วยงานใดมอบหน้าที่", "Has a Digital ID but no agency has given any duty"),
)


def officer_seeds(issuer: str) -> list[OfficerSeed]:
    """The rows of the portal's officer table for the provider at `issuer`. The newcomer is left out on purpose."""
    return [
        OfficerSeed(issuer, person.subject, person.name, person.position, person.agency, person.office, person.duties)
        for person in OFFICERS
    ]
