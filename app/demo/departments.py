"""The desks of the other agencies of the catalogue, one or two invented officers each: every service can be decided."""

from app.demo.roles import Both, Officer

MR, MISS = Both("นาย", "Mr"), Both("นางสาว", "Miss")
RECEIVE, DECIDE = ("receive", "check"), ("approve", "cashier")
CHECKS, SIGNS = Both("รับเรื่องและตรวจคำขอ", "Receives and checks applications"), Both("ลงนาม", "Signs the decision")
DESKS: tuple[tuple[str, str, str | None, Both, Both, Both], ...] = (
    (
        *("works", "muang-tuayang", "works"),
        Both("โยธา", "Yotha"),
        Both("นายช่างโยธา", "Works officer"),
        Both("ผู้อำนวยการกองช่าง", "Director, public works"),
    ),
    (
        *("finance", "muang-tuayang", "finance"),
        Both("รายได้", "Raidai"),
        Both("เจ้าพนักงานจัดเก็บรายได้", "Revenue collection officer"),
        Both("ผู้อำนวยการกองคลัง", "Director, finance"),
    ),
    (
        *("clerk", "muang-tuayang", "clerk"),
        Both("ธุรการ", "Thurakan"),
        Both("เจ้าพนักงานธุรการ", "Administration officer"),
        Both("หัวหน้าสำนักปลัดเทศบาล", "Head of the clerk's office"),
    ),
    (
        *("thung", "thung-sommut", None),
        Both("ทุ่ง", "Thung"),
        Both("นักวิชาการสาธารณสุข", "Public health academic"),
        Both("ปลัด อบต.", "Subdistrict clerk"),
    ),
    (
        *("revenue", "revenue", None),
        Both("ภาษี", "Phasi"),
        Both("นักวิชาการสรรพากร", "Revenue academic"),
        Both("สรรพากรพื้นที่", "Area revenue officer"),
    ),
    (
        *("sso", "social-security", None),
        Both("ประกัน", "Prakan"),
        Both("นักวิชาการแรงงาน", "Labour academic"),
        Both("ประกันสังคมจังหวัด", "Provincial social security officer"),
    ),
    (
        *("hotel", "provincial-administration", None),
        Both("ปกครอง", "Pokkhrong"),
        Both("เจ้าพนักงานปกครอง", "Administration officer"),
        Both("นายทะเบียนโรงแรมจังหวัด", "Provincial hotel registrar"),
    ),
    (
        *("wellness", "health-service-support", None),
        Both("สุขภาพ", "Sukkhaphap"),
        Both("นักวิชาการสาธารณสุข", "Public health academic"),
        Both("ผู้อนุญาต", "Licensing authority"),
    ),
    (
        *("culture", "cultural-promotion", None),
        Both("วัฒนธรรม", "Watthanatham"),
        Both("นักวิชาการวัฒนธรรม", "Culture academic"),
        Both("นายทะเบียนภาพยนตร์และวีดิทัศน์จังหวัด", "Provincial film registrar"),
    ),
    (
        *("power", "electricity", None),
        Both("ไฟฟ้า", "Faifa"),
        Both("เจ้าหน้าที่บริการลูกค้า", "Customer service officer"),
        Both("ผู้จัดการสาขา", "Branch manager"),
    ),
    (
        *("water", "waterworks", None),
        Both("ประปา", "Prapa"),
        Both("เจ้าหน้าที่บริการลูกค้า", "Customer service officer"),
        Both("ผู้จัดการสาขา", "Branch manager"),
    ),
)
"""Key, agency and office; the family name both share; the position of who checks and of who signs."""


def _number(serial: int) -> str:
    """A citizen number that no registry issues, with its check digit."""
    digits = f"10000{serial:07d}"
    return f"{digits}{(11 - sum(int(digit) * (13 - place) for place, digit in enumerate(digits)) % 11) % 10}"


def _desk(
    place: int, key: str, agency: str, office: str | None, family: Both, checks: Both, signs: Both
) -> tuple[Officer, Officer]:
    one, two = Both("สาธิต", "Sathit"), Both("ตัวอย่าง", "Tuayang")
    return (
        Officer(f"{key}-checks", _number(5000 + place), MISS, one, family, checks, agency, office, RECEIVE, CHECKS),
        Officer(f"{key}-signs", _number(6000 + place), MR, two, family, signs, agency, office, DECIDE, SIGNS),
    )


OFFICERS: tuple[Officer, ...] = tuple(officer for place, desk in enumerate(DESKS) for officer in _desk(place, *desk))
