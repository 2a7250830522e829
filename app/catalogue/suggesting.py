"""Places for what has been typed so far: first letters of a subdistrict, district or province, or a postal code."""

import re
from functools import lru_cache
from typing import Final

import geothai

from app.catalogue.addresses import Subdistrict, subdistrict
from app.core.thai import arabic, clean

LONGEST: Final = 80
"""What is longer than this is no beginning of a place."""
_CUTS: Final = re.compile(r"[\s,]+|(?:^|(?<=\s))(?:ตำบล|แขวง|อำเภอ|เขต|จังหวัด|[ตอจ]\.)")

_Begin: Final = "|"
"""Before every name, so that one search of a text finds what begins with a word."""


@lru_cache(maxsize=1)
def _every_place() -> tuple[tuple[str, str, int, str], ...]:
    """Of every subdistrict its own names, the wider names with postal codes, how long its name is, and its code."""
    found = []
    for province in geothai.provinces():
        for district in geothai.districts(province.code):
            wider = (district.name_th.removeprefix("เขต"), province.name_th, f"{district.name_en} {province.name_en}")
            for one in geothai.subdistricts(district.code):
                around = _begun((*wider, *one.postal_codes))
                found.append((_begun((one.name_th, one.name_en)), around, len(one.name_th), one.code))
    return tuple(found)


def _begun(names: tuple[str, ...]) -> str:
    return _Begin + _Begin.join(word for name in names for word in name.lower().split())


@lru_cache(maxsize=2048)
def beginning(text: str, limit: int = 8) -> tuple[Subdistrict, ...]:
    """At most `limit` places in which every word typed begins a name; those whose own name it begins come first."""
    words = [_Begin + word for word in _CUTS.split(arabic(clean(text)).lower()[:LONGEST]) if word]
    if not words:
        return ()
    first, rest = words[0], words[1:]
    own, around = [], []
    for names, wider, length, code in _every_place():
        if first in names and all(word in wider or word in names for word in rest):
            own.append((sum(word not in names for word in rest), length, code))
        elif first in wider and all(word in wider for word in rest):
            around.append(code)
    codes = [code for *_, code in sorted(own)] + around
    return tuple(place for code in codes[:limit] if (place := subdistrict(code)))
