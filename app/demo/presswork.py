"""What a licence costs without its job: drawn and signed the plain way and at the press, each one different.

Nothing is fetched here: time-stamps are another machine's work and stay out.
"""

import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import partial

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import NameOID

from app.demo import walk
from app.licences import document as licence
from app.licences.document import Content, Field
from app.pdf import checking, documents, signing
from app.pdf.keys import FileKey
from app.pdf.press import Press, Reasons
from app.pdf.signing import Signer
from app.pdf.whole import Document

ROUNDS, WARM = 60, 10
SAYS = Reasons("ออกเอกสาร", "เทศบาลเมืองตัวอย่าง", "เทศบาลเมืองตัวอย่าง")
SAMPLE = Content(
    id="01935b6c-0000-7000-8000-000000000001",
    number="อห 1/2569",
    code="7K3M-Q9ZC-XW2V8",
    title="หนังสือรับรองการแจ้ง",
    subtitle="จัดตั้งสถานที่จำหน่ายอาหารหรือสถานที่สะสมอาหาร",
    agency="เทศบาลเมืองตัวอย่าง",
    signer="นายกเทศมนตรีเมืองตัวอย่าง",
    fields=[
        Field("ผู้แจ้ง", "นางสาวมะลิ ตัวอย่าง", "Notifier"),
        Field("ชื่อสถานประกอบการ", "ครัวมะลิ (ตัวอย่าง)", "PremisesName"),
        Field("ประเภทกิจการอาหาร", "ปรุงและขาย ให้นั่งกินที่ร้าน", "FoodBusiness"),
        Field("ที่ตั้ง", "99/1 ถนนดอกไม้ ตำบลพระปฐมเจดีย์ อำเภอเมืองนครปฐม จังหวัดนครปฐม 73000", "PremisesAddress"),
        Field("พื้นที่", "120 ตร.ม.", "PremisesArea"),
        Field("ผู้สัมผัสอาหาร", "3 คน", "FoodHandlers"),
        Field("วันที่เริ่มประกอบกิจการ", "15 ธันวาคม 2569", "OpeningDate"),
    ],
    statement=["เจ้าพนักงานท้องถิ่นได้รับแจ้งการจัดตั้งสถานที่จำหน่ายอาหารตามพระราชบัญญัติการสาธารณสุข พ.ศ. 2535 แล้ว"],
    conditions=["ปฏิบัติตามกฎกระทรวงสุขลักษณะของสถานที่จำหน่ายอาหาร", "แสดงหนังสือรับรองไว้ในที่เปิดเผย ณ สถานประกอบการ"],
    xml_root="FoodPremisesCertificate",
    valid_from=date(2026, 11, 20),
    valid_until=date(2027, 11, 19),
    verify_url="http://127.0.0.1:8000/verify/7K3M-Q9ZC-XW2V8",
    holder="นางสาวมะลิ ตัวอย่าง",
    service=walk.SERVICE,
    service_version=1,
)
NAMES = ("มะลิ", "ฟ้าใส", "น้ำทิพย์", "กุหลาบ", "ปิ่นมณี", "ญาณี", "ฐิติ", "ณัฐวุฒิ", "เพ็ญแข", "อุ้มบุญ")
PLACES = ("ท่าน้ำ", "สีคิ้ว", "พระปฐมเจดีย์", "หนองกุฏิ", "ปากน้ำ", "ทุ่งครุ", "บ้านฉาง")
SHOPS = ("ครัว", "ร้านอาหาร", "ปั๊มกาแฟ", "ข้าวแกง", "ก๋วยเตี๋ยว", "สวนอาหาร")


def licences() -> Iterator[Document]:
    """Licences of other people at other places, never the same twice."""
    n = 0
    while True:
        n += 1
        code = f"7K3M-{n:04d}-XW{n % 997:03d}"
        holder = f"นางสาว{NAMES[n % 10]}{NAMES[n // 10 % 10]} {NAMES[n // 3 % 10]}{NAMES[n // 100 % 10]}{PLACES[n % 7]}"
        said = {
            "Notifier": holder,
            "PremisesName": f"{SHOPS[n % 6]}{NAMES[n // 7 % 10]}{PLACES[n // 5 % 7]} {n}",
            "PremisesAddress": f"{n}/{n % 9 + 1} ตำบล{PLACES[n % 7]} อำเภอเมืองนครปฐม จังหวัดนครปฐม 73{n % 900:03d}",
            "PremisesArea": f"{n % 180 + 20} ตร.ม.",
        }
        yield licence.document(
            replace(
                SAMPLE,
                id=f"01935b6c-0000-7000-8000-{n:012d}",
                number=f"อห {n}/2569",
                code=code,
                verify_url=f"http://127.0.0.1:8000/verify/{code}",
                holder=holder,
                fields=[replace(field, value=said.get(field.xml, field.value)) for field in SAMPLE.fields],
            )
        )


def figures(signer: Signer, now: datetime) -> dict[str, float]:
    """The figures of this module; `signer` is an agency's own, with an RSA key of 2048 bits."""
    press, sample = Press(signer), next(licences())
    signed = press.signed(sample, SAYS, now=now)
    drawn = documents.render(sample, now)

    def plain(document: Document) -> bytes:
        return _signed(documents.render(document, now), signer, now)

    told = {
        "licence_draw_ms": cpu_ms(lambda document: documents.render(document, now)),
        "licence_sign_ms": cpu_ms(lambda _: _signed(drawn, signer, now)),
        "licence_check_ms": cpu_ms(lambda _: checking.check(signed)),
        "licence_press_ms": cpu_ms(lambda document: press.signed(document, SAYS, now=now)),
        "licence_look_ms": cpu_ms(lambda _: checking.own_findings(signed)),
        "licence_kb": len(signed) / 1000,
        "licences_plain_per_core_second": 1000 / cpu_ms(lambda document: checking.check(plain(document))),
        "licences_compiled_checked_per_core_second": 1000
        / cpu_ms(lambda document: checking.own_findings(press.signed(document, SAYS, now=now))),
    }
    told["licences_compiled_per_core_second"] = 1000 / told["licence_press_ms"]
    keys: dict[str, rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey]
    keys = {"rsa4096": rsa.generate_private_key(65537, 4096), "p256": ec.generate_private_key(ec.SECP256R1())}
    for name, key in keys.items():
        other = Press(Signer(FileKey(key), certified(key, now), []))
        cost = cpu_ms(partial(other.signed, says=SAYS, now=now))
        told[f"licences_compiled_{name}_per_core_second"] = 1000 / cost
    return told


def _signed(pdf: bytes, signer: Signer, now: datetime) -> bytes:
    return signing.sign(pdf, signer, None, now=now, reason=SAYS.reason, location=SAYS.location, name=SAYS.name)


def cpu_ms(act: Callable[[Document], object]) -> float:
    """CPU of this process for one licence, in milliseconds: the mean of many, each another one."""
    documents_ = licences()
    for _ in range(WARM):
        act(next(documents_))
    made = [next(documents_) for _ in range(ROUNDS)]
    start = time.process_time()
    for document in made:
        act(document)
    return (time.process_time() - start) / ROUNDS * 1000


def certified(key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey, now: datetime) -> x509.Certificate:
    """A certificate for a key that signs nothing but this benchmark."""
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Benchmark")])
    builder = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
    return (
        builder.not_valid_before(now.astimezone(UTC) - timedelta(days=1))
        .not_valid_after(now.astimezone(UTC) + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
