"""A link to sign by is for one person: their whole name, a secret that nobody guesses, and an end."""

from datetime import UTC, datetime, timedelta

import pytest

from app.core.db import new_id
from app.core.secrets import Keyring
from app.papers import signers
from app.papers.models import Signer
from app.papers.signers import LINK, Standing

NOW = datetime(2026, 3, 2, 3, tzinfo=UTC)


def asked(name: str) -> Signer:
    return Signer(id=new_id(), name=name, serial=1, invited_at=NOW, expires_at=NOW + LINK)


@pytest.mark.parametrize(
    "name",
    [
        "บุญมา จำลอง",
        "นางบุญมา จำลอง",
        "นาง บุญมา  จำลอง",
        "นางสาวบุญมา จำลอง",
        "น.ส. บุญมา จำลอง",
        "พ.ต.ท.หญิงบุญมา จำลอง",
    ],
)
def test_whoever_has_the_whole_name_is_meant_whatever_known_title_or_their_own_stands_before_it(name: str) -> None:
    title = "พ.ต.ท.หญิง" if name.startswith("พ.ต.ท.") else "นาง"
    assert signers.meant(asked(name), title, "บุญมา", "จำลอง")


@pytest.mark.parametrize(
    ("title", "given", "family"),
    [
        ("นาง", "มา", "จำลอง"),
        ("นาย", "บุญมา", "ลอง"),
        ("นาย", "า", "จำลอง"),
        ("นาง", "บุญ", "มา จำลอง"),
        ("นาง", "", "จำลอง"),
        ("นางบุญ", "มา", "จำลอง ณ ที่อื่น"),
    ],
)
def test_a_name_that_only_ends_alike_is_not_meant(title: str, given: str, family: str) -> None:
    assert not signers.meant(asked("นางบุญมา จำลอง"), title, given, family)
    assert not signers.meant(asked("ดร.บุญมา จำลอง"), "นาง", "บุญมา", "จำลอง"), "an unknown title is another name"


def test_a_name_that_begins_like_a_title_is_not_cut() -> None:
    assert signers.meant(asked("นายิกา จำลอง"), "นางสาว", "นายิกา", "จำลอง")
    assert not signers.meant(asked("นายิกา จำลอง"), "นางสาว", "ิกา", "จำลอง")
    assert not signers.meant(asked("นางสาวมา จำลอง"), "นาย", "สาวมา", "จำลอง"), "the longest title is the title"


def test_a_link_is_128_bits_of_the_portals_own_key_new_with_every_renewal_and_over_after_its_days() -> None:
    keyring, signer = Keyring.fresh(), asked("นางบุญมา จำลอง")
    first = signers.token(keyring, signer)
    assert len(bytes.fromhex(first)) * 8 == 128
    assert first != signers.token(Keyring.fresh(), signer), "who knows the ids knows no link"
    assert first != signers.token(keyring, asked("นางบุญมา จำลอง"))
    signers.renew(signer, NOW)
    assert first != signers.token(keyring, signer)
    assert signers.standing(signer, NOW + LINK - timedelta(seconds=1)) is Standing.WAITING
    assert signers.standing(signer, NOW + LINK) is Standing.EXPIRED
