"""Who lives in the demonstration: citizens, agencies and officers, every one of them invented.

Citizen numbers have a right check digit and the office code 0000; no registry issues them, so none can belong to
anybody. Companies stand in `companies`.
"""

from app.demo.roles import Agency, Birth, Both, Citizen, Home, Officer, OfficerSeed, Registry

__all__ = ["AGENCIES", "CITIZENS", "NEWCOMER", "OFFICERS", "OfficerSeed", "officer_seeds"]

MR = Both("นาย", "Mr")
MRS = Both("นาง", "Mrs")
MISS = Both("นางสาว", "Miss")

CITIZENS: tuple[Citizen, ...] = (
    Citizen(
        "mali",
        "1000000001072",
        MISS,
        Both("มะลิ", "Mali"),
        Both("ตัวอย่าง", "Tuayang"),
        2,
        Birth(1995, 6, 15),
        Home("99/1", 0, "ดอกรัก 2", "ดอกไม้", "730101"),
        Both("กำลังจะเปิดร้านอาหาร ทะเบียนตอบครบ", "About to open a restaurant; the registry answers in full"),
    ),
    Citizen(
        "tasi",
        "3000000002148",
        MR,
        Both("ตาสี", "Tasi"),
        Both("สมมติ", "Sommut"),
        1,
        Birth(1955, 2, 3),
        Home("12", 4, "", "", "650801"),
        Both("อายุเกิน 70 ปี ใช้ตัวอักษรใหญ่", "Over 70, reads large letters"),
    ),
    Citizen(
        "bunma",
        "3000000003217",
        MRS,
        Both("บุญมา", "Bunma"),
        Both("จำลอง", "Chamlong"),
        2,
        Birth(1961),
        Home("7/3", 2, "", "ริมน้ำ", "840503"),
        Both("ทะเบียนไม่ทราบวันและเดือนเกิด", "The registry does not know the day and month of birth"),
    ),
    Citizen(
        "prang",
        "1000000004284",
        MISS,
        Both("ปรางค์", "Prang"),
        Both("ทดลอง", "Thotlong"),
        2,
        Birth(1988, 11, 2),
        Home("5", 0, "", "กลางเมือง", "400101"),
        Both("ทะเบียนไม่พบข้อมูล ต้องกรอกเอง", "The registry has no record: types everything"),
        registry=Registry.MISSING,
    ),
    Citizen(
        "chalo",
        "3000000005350",
        MR,
        Both("ชะลอ", "Chalo"),
        Both("ทดลอง", "Thotlong"),
        1,
        Birth(1979, 8, 30),
        Home("41", 9, "", "", "650801"),
        Both("ทะเบียนตอบช้าเกินรอ", "The registry answers too late"),
        registry=Registry.SLOW,
    ),
    Citizen(
        "saman",
        "5000000006425",
        MR,
        Both("สมาน", "Saman"),
        Both("ทดลอง", "Thotlong"),
        1,
        Birth(1990, 1, 9),
        Home("8", 1, "", "", "730101"),
        Both("ทะเบียนขัดข้อง (500)", "The registry fails (500)"),
        registry=Registry.FAILING,
    ),
    Citizen(
        "waeo",
        "3000000007492",
        MRS,
        Both("แวว", "Waeo"),
        Both("ทดลอง", "Thotlong"),
        2,
        Birth(1972, 4, 21),
        Home("23/5", 0, "ตลาดเก่า", "", "400101"),
        Both("ทะเบียนตอบเป็นข้อความที่อ่านไม่ได้", "The registry answers with something unreadable"),
        registry=Registry.GARBLED,
    ),
    Citizen(
        "rian",
        "1000000015057",
        MISS,
        Both("เรียน", "Rian"),
        Both("ทดลอง", "Thotlong"),
        2,
        Birth(1999, 12, 12),
        Home("2", 0, "", "", "730101"),
        Both("ทะเบียนตอบรูปแบบที่ไม่เคยตกลงกัน", "The registry answers in a shape nobody agreed on"),
        registry=Registry.SHAPELESS,
    ),
    Citizen(
        "fa",
        "1000000008565",
        MISS,
        Both("ฟ้า", "Fa"),
        Both("ตัวอย่าง", "Tuayang"),
        2,
        Birth(2001, 7, 7),
        Home("18", 0, "", "ดอกไม้", "730101"),
        Both("ยืนยันตัวตนเพียงระดับ IAL 1.3", "Identity proved only to IAL 1.3"),
        ial="1.3",
    ),
    Citizen(
        "chaem",
        "1000000031753",
        MISS,
        Both("แจ่ม", "Chaem"),
        Both("จำลอง", "Chamlong"),
        2,
        Birth(1997, 5, 18),
        Home("14/2", 0, "", "ดอกไม้", "730101"),
        Both("รับทำเรื่องแทนผู้อื่นและบริษัท", "Acts for other people and companies"),
    ),
    Citizen(
        "dao",
        "1000000024684",
        MISS,
        Both("ดาว", "Dao"),
        Both("ตัวอย่าง", "Tuayang"),
        2,
        Birth(2003, 3, 30),
        Home("20", 0, "", "ดอกไม้", "730101"),
        Both("ยืนยันตัวตนเพียงระดับ IAL 1.1 ต่ำเกินไป", "Identity proved only to IAL 1.1: too low"),
        ial="1.1",
    ),
)

MUANG = "muang-tuayang"
NAKHON = "nakhon-sommut"

AGENCIES: tuple[Agency, ...] = (
    Agency(MUANG, Both("เทศบาลเมืองตัวอย่าง", "Muang Tuayang Town Municipality"), "099456900001201"),
    Agency(NAKHON, Both("เทศบาลนครสมมุติ", "Nakhon Sommut City Municipality"), "099456900002101"),
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
