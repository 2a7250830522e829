"""Thai QR against payloads that other people's software made, and laws that hold for every bill."""

import string
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.billing.thai_qr import LARGEST_SATANG, BillPayment, CreditTransfer, barcode, build, crc16, parse
from tests.billing.world import LAWS

T1 = "00020101021130620016A000000677010112011301122334455660211CUSTOMER0010306INV00153037645802TH62070703SCB6304780E"
T2 = "00020101021130550016A0000006770101120115099999999999990021211122233344453037645802TH63043EE7"
T3 = "00020101021230650016A00000067701011201150994000165501000212123456789012030667042953037645802TH54073649.2263044534"
T4 = (
    "00020101021230670016A00000067701011201151234567890123450210REFERENCE10310REFERENCE252047011530376454041.00"
    "5802TH6007BANGKOK62070703SCB6304CE18"
)
T5 = "00020101021129370016A0000006770101110113006681222333353037645802TH63041DCF"
T6 = "00020101021229370016A000000677010111011300660000000005802TH530376454044.226304E469"
T7 = (
    "00020101021230680016A0000006770101120115099400016550100021125690000001031001261120005303764"
    "54071500.005802TH62070703BIZ63041DE9"
)
T8 = (
    "00020101021230680016A0000006770101120115099400016550100021125690000001031001261120005303764"
    "54071500.005802TH6304D00C"
)

OTHER_PEOPLES = {
    T1: BillPayment("0112233445566", "CUSTOMER001", "INV001", None, "SCB", dynamic=False),
    T2: BillPayment("099999999999990", "111222333444", dynamic=False),
    T3: BillPayment("099400016550100", "123456789012", "670429", 364922),
    T4: BillPayment("123456789012345", "REFERENCE1", "REFERENCE2", 100, "SCB", dynamic=True),
    T5: CreditTransfer("mobile", "0066812223333", None, dynamic=False),
    T6: CreditTransfer("mobile", "0066000000000", 422, dynamic=True),
    T7: BillPayment("099400016550100", "25690000001", "0126112000", 150_000, "BIZ"),
    T8: BillPayment("099400016550100", "25690000001", "0126112000", 150_000),
}

references = st.text(string.ascii_uppercase + string.digits, min_size=1, max_size=20)
payments = st.builds(
    BillPayment,
    biller=st.from_regex(r"[0-9]{15}|[0-9]{13}", fullmatch=True),
    ref1=references,
    ref2=st.none() | references,
    satang=st.none() | st.integers(1, LARGEST_SATANG),
    ref3=st.none() | references,
    dynamic=st.booleans(),
)


@pytest.mark.parametrize("text", OTHER_PEOPLES)
def test_a_code_made_by_other_software_is_understood(text: str) -> None:
    assert parse(text) == OTHER_PEOPLES[text]


@pytest.mark.parametrize("text", [T7, T8])
def test_our_own_code_is_built_to_the_letter(text: str) -> None:
    payment = OTHER_PEOPLES[text]
    assert isinstance(payment, BillPayment)
    assert build(payment) == text


def test_the_checksum_is_ccitt_false() -> None:
    assert crc16("123456789") == "29B1"


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        (T2, "|099999999999990\r111222333444\r\r0"),
        (T3, "|099400016550100\r123456789012\r670429\r364922"),
    ],
)
def test_the_counter_barcode_says_the_same_as_the_code(text: str, lines: str) -> None:
    payment = parse(text)
    assert isinstance(payment, BillPayment)
    assert barcode(payment) == lines


def test_a_13_digit_biller_has_no_counter_barcode() -> None:
    with pytest.raises(ValueError, match="15-digit biller"):
        barcode(BillPayment("0112233445566", "R1"))


@LAWS
@given(payments)
def test_what_was_built_reads_back_the_same(payment: BillPayment) -> None:
    assert parse(build(payment)) == payment


@LAWS
@given(payments, st.data())
def test_a_single_changed_character_is_refused(payment: BillPayment, data: st.DataObject) -> None:
    text = build(payment)
    at = data.draw(st.integers(0, len(text) - 1))
    other = data.draw(st.characters().filter(lambda c: c != text[at]))
    with pytest.raises(ValueError, match="checksum"):
        parse(text[:at] + other + text[at + 1 :])


@LAWS
@given(payments, st.randoms(use_true_random=False))
def test_the_order_of_the_tags_does_not_matter(payment: BillPayment, random: Random) -> None:
    assert parse(_sealed(*_shuffled(build(payment)[:-8], random))) == payment


@LAWS
@given(st.text(max_size=200))
def test_any_text_is_a_code_or_a_clear_refusal(text: str) -> None:
    sealed = text + "6304" + (crc16(text + "6304") if text.isascii() else "0000")
    for candidate in (text, sealed):
        assert _read_or_refused(candidate)


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        ({"biller": "09940001655010"}, "biller id"),
        ({"biller": "๐๙๙๔๐๐๐๑๖๕๕๐๑๐๐"}, "biller id"),
        ({"ref1": ""}, "ref1"),
        ({"ref1": "A" * 21}, "ref1"),
        ({"ref1": "bill-1"}, "ref1"),
        ({"ref2": ""}, "ref2"),
        ({"ref3": "ก"}, "ref3"),
        ({"satang": 0}, "amount"),
        ({"satang": -1}, "amount"),
        ({"satang": LARGEST_SATANG + 1}, "amount"),
    ],
)
def test_a_part_that_does_not_fit_is_named(wrong: dict[str, object], named: str) -> None:
    with pytest.raises(ValueError, match=named):
        BillPayment(**{"biller": "099400016550100", "ref1": "25690000001", **wrong})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("parts", "named"),
    [
        (("000202", "5303764", "5802TH"), "764 and TH"),
        (("000201", "5303840", "5802TH"), "764 and TH"),
        (("000201", "5303764", "5802US"), "764 and TH"),
        (("000201", "5303764", "5802TH"), "neither tag 30"),
        (("000201", "010213", "5303764", "5802TH"), "tag 01"),
        (("000201", "000201", "5303764", "5802TH"), "twice"),
        (("000201", "5303764", "5802TH", "5410-1"), "inside another tag"),
        (("000201", "5303764", "5802TH", "5420-1"), "longer than"),
        (("000201", "5303764", "5802TH", "5402-1"), "tag 54"),
        (("000201", "5303764", "5802TH", "54071.00.00"), "tag 54"),
        (("000201", "5303764", "5802TH", "30200016A000000677010111"), "tag 30"),
        (("000201", "5303764", "5802TH", "29200016A000000677010112"), "tag 29"),
        (("000201", "5303764", "5802TH", "29200016A000000677010111"), "no mobile number"),
        (("000201", "5303764", "5802TH", "๑"), "no checksum"),
    ],
)
def test_a_code_that_is_no_payment_in_baht_is_refused_with_its_reason(parts: tuple[str, ...], named: str) -> None:
    text = "".join(parts) + "6304"
    with pytest.raises(ValueError, match=named):
        parse(text + (crc16(text) if text.isascii() else "0000"))


def _shuffled(text: str, random: Random) -> list[str]:
    parts: list[str] = []
    while text:
        end = 4 + int(text[2:4])
        parts.append(text[:end])
        text = text[end:]
    random.shuffle(parts)
    return parts


def _sealed(*parts: str) -> str:
    text = "".join(parts) + "6304"
    return text + crc16(text)


def _read_or_refused(text: str) -> object:
    """The payment, or the words of the refusal; any other exception is a fault."""
    try:
        return parse(text)
    except ValueError as refusal:
        return str(refusal)
