"""The people who were here before you: thirty invented citizens whose cases fill three months of a demonstration.

Nobody signs in as them; the population registry knows them like anybody else. Numbers as in `people`: they cannot
belong to anybody.
"""

from collections.abc import Iterator

from stdnum.th import pin

from app.demo.people import MISS, MR, MRS
from app.demo.roles import Birth, Both, Citizen, Home

_GIVEN = (
    ("กรรณิการ์", "Kannika"), ("ขจร", "Khachon"), ("คำแก้ว", "Khamkaeo"), ("จันทร์เพ็ญ", "Chanphen"), ("ฉลวย", "Chaluai"),
    ("ชบา", "Chaba"), ("ญาณี", "Yani"), ("ดวงใจ", "Duangchai"), ("ตรีชฎา", "Trichada"), ("ทองใบ", "Thongbai"),
    ("ธงชัย", "Thongchai"), ("นฤมล", "Naruemon"), ("บุปผา", "Buppha"), ("ปิ่นโต", "Pinto"), ("ผกา", "Phaka"),
    ("พะยอม", "Phayom"), ("ฟักทอง", "Fakthong"), ("ภูผา", "Phupha"), ("มานะ", "Mana"), ("ยี่หุบ", "Yihup"),
    ("รำไพ", "Ramphai"), ("ลำดวน", "Lamduan"), ("วันดี", "Wandi"), ("ศรีนวล", "Sinuan"), ("สร้อยฟ้า", "Soifa"),
    ("หนูนา", "Nuna"), ("อำไพ", "Amphai"), ("เอื้อง", "Ueang"), ("ใบเตย", "Baitoei"), ("ไพลิน", "Phailin"),
)  # fmt: skip
_FAMILY = (("ตัวอย่าง", "Tuayang"), ("ทดลอง", "Thotlong"), ("สมมติ", "Sommut"), ("จำลอง", "Chamlong"))
_MEN = frozenset({"Khachon", "Thongbai", "Thongchai", "Phupha", "Mana", "Phailin"})
_HOMES = ("730101", "730102", "730104", "730105", "400101", "400106")


def _people() -> Iterator[Citizen]:
    for n, given in enumerate(_GIVEN, start=1):
        number = f"1000000{30_000 + n}"
        title = MR if given[1] in _MEN else MRS if n % 3 else MISS
        yield Citizen(
            key=f"crowd-{n}",
            citizen_id=number + pin.calc_check_digit(number),
            title=title,
            given=Both(*given),
            family=Both(*_FAMILY[n % 4]),
            gender=1 if title is MR else 2,
            birth=Birth(1958 + n * 7 % 44, 1 + n % 12, 1 + n * 5 % 28),
            home=Home(str(n * 3 % 97 + 1), n % 9, "", "", _HOMES[n % len(_HOMES)]),
            about=Both("คนในเมืองสาธิต", "One of the town"),
        )


CROWD: tuple[Citizen, ...] = tuple(_people())
"""The crowd, always the same."""
