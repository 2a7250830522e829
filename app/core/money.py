"""Amounts of money as people read them, and in words as bills and receipts say them. Pure; satang in, text out."""

_NUMERALS = ("", "หนึ่ง", "สอง", "สาม", "สี่", "ห้า", "หก", "เจ็ด", "แปด", "เก้า")

_PLACES = ("", "สิบ", "ร้อย", "พัน", "หมื่น", "แสน")

_MILLION = 1_000_000


def baht(satang: int) -> str:
    """An amount with two decimals, without its unit: 123450 → "1,234.50"."""
    whole, rest = divmod(abs(satang), 100)
    return f"{'-' if satang < 0 else ''}{whole:,}.{rest:02}"


def baht_short(satang: int) -> str:
    """An amount without decimals when it is whole: 123400 → "1,234", 123450 → "1,234.50"."""
    return baht(satang).removesuffix(".00")


def baht_words(satang: int) -> str:
    """An amount in Thai words as on bills and receipts: 364922 → "สามพันหกร้อยสี่สิบเก้าบาทยี่สิบสองสตางค์".

    Integers only. Whole baht end in "ถ้วน"; less than one baht is told in satang alone; a final one after any other
    digit is "เอ็ด", also after a million.
    """
    if satang < 0:
        return "ลบ" + baht_words(-satang)
    whole, rest = divmod(satang, 100)
    small = _in_words(rest) + "สตางค์" if rest else "ถ้วน"
    return small if rest and not whole else (_in_words(whole) or "ศูนย์") + "บาท" + small


def _in_words(number: int) -> str:
    if number >= _MILLION:
        return _in_words(number // _MILLION) + "ล้าน" + _six_digits(number % _MILLION, follows=True)
    return _six_digits(number, follows=False)


def _six_digits(number: int, *, follows: bool) -> str:
    words = ""
    for place in range(5, -1, -1):
        digit = number // 10**place % 10
        if place == 0 and digit == 1 and (words or follows):
            words += "เอ็ด"
        elif place == 1 and digit in (1, 2):
            words += ("สิบ", "ยี่สิบ")[digit - 1]
        elif digit:
            words += _NUMERALS[digit] + _PLACES[place]
    return words
