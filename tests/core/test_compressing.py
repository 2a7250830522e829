"""Text that leaves compressed is the same text, for whoever asked for it so; its length tells nothing."""

import gzip

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.compressing import PADDING, gzipped, takes_gzip


@given(st.binary(max_size=5000), st.integers(1, 9))
def test_whatever_is_compressed_comes_out_as_it_was(data: bytes, level: int) -> None:
    assert gzip.decompress(gzipped(data, level)) == data


def test_the_same_page_is_of_many_lengths_so_that_none_tells_what_is_in_it() -> None:
    page = b"<p>token=abc</p>" * 100
    lengths = {len(gzipped(page)) for _ in range(300)}
    assert len(lengths) > PADDING / 2
    assert max(lengths) - min(lengths) <= PADDING + 1
    assert len({gzipped(page, padding=0) for _ in range(20)}) == 1


@pytest.mark.parametrize(
    ("accepted", "takes"),
    [
        ("gzip, deflate, br, zstd", True),
        ("GZIP", True),
        ("br;q=1.0, gzip;q=0.8", True),
        ("*", True),
        ("", False),
        ("br, deflate", False),
        ("gzip;q=0", False),
        ("gzip; q=0.0, br", False),
        ("x-gzip-not", False),
    ],
)
def test_only_who_asks_for_gzip_gets_it(accepted: str, *, takes: bool) -> None:
    assert takes_gzip(accepted) is takes
