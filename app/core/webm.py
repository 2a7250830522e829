"""A silent film of still pictures: VP8 key frames in a WebM file, which browsers play, wind and subtitle.

A lossy WebP picture *is* one VP8 key frame (RFC 6386, RFC 9649), so Pillow is all the encoder there is need for, and
what is written here is only the container around it (Matroska, RFC 9559): a header, one track, a cluster for every
picture, and an index of where each begins. Royalty-free, and small: every picture is stored once.
"""

import struct
from collections.abc import Sequence
from dataclasses import dataclass

MEDIA_TYPE = "video/webm"
_TICK = 1_000_000
"""Nanoseconds of a tick: times are milliseconds."""
_AGAIN = 5_000
"""A picture that stands for longer is shown again: a player that is wound to any place has one within so many ms."""


@dataclass(frozen=True)
class Still:
    """A picture as lossy WebP, and for how many milliseconds it stands."""

    webp: bytes
    stands: int


class NotVp8(ValueError):
    """What was given is no plain lossy WebP picture."""


def film(stills: Sequence[Still], width: int, height: int) -> bytes:
    """The film. All pictures have the same size in pixels. Raises NotVp8."""
    frames, at = list[tuple[int, int, bytes]](), 0
    for still in stills:
        frame = _key_frame(still.webp)
        for begins in range(at, at + still.stands, _AGAIN):
            frames.append((begins, min(_AGAIN, at + still.stands - begins), frame))
        at += still.stands
    info = _master(
        0x1549A966,
        _number(0x2AD7B1, _TICK),
        _element(0x4489, struct.pack(">d", float(at))),
        _element(0x4D80, b"Judiao"),
        _element(0x5741, b"Judiao"),
    )
    track = _master(
        0xAE,
        _number(0xD7, 1),
        _number(0x73C5, 1),
        _number(0x83, 1),
        _number(0x9C, 0),
        _element(0x86, b"V_VP8"),
        _master(0xE0, _number(0xB0, width), _number(0xBA, height)),
    )
    tracks = _master(0x1654AE6B, track)
    clusters = [_cluster(*frame) for frame in frames]
    return _header() + _segment(info + tracks, frames, clusters)


def _key_frame(webp: bytes) -> bytes:
    if webp[:4] != b"RIFF" or webp[8:16] != b"WEBPVP8 ":
        raise NotVp8
    size = int.from_bytes(webp[16:20], "little")
    return webp[20 : 20 + size]


def _header() -> bytes:
    return _master(
        0x1A45DFA3,
        _number(0x4286, 1),
        _number(0x42F7, 1),
        _number(0x42F2, 4),
        _number(0x42F3, 8),
        _element(0x4282, b"webm"),
        _number(0x4287, 2),
        _number(0x4285, 2),
    )


def _segment(head: bytes, frames: Sequence[tuple[int, int, bytes]], clusters: Sequence[bytes]) -> bytes:
    """Head, index, clusters. Places in the index are of a fixed width, so that its length is known beforehand."""
    length = len(_cues([(begins, 0) for begins, _, _ in frames]))
    places, place = list[tuple[int, int]](), len(head) + length
    for (begins, _, _), cluster in zip(frames, clusters, strict=True):
        places.append((begins, place))
        place += len(cluster)
    return _element(0x18538067, b"".join((head, _cues(places), *clusters)))


def _cues(places: Sequence[tuple[int, int]]) -> bytes:
    points = (
        _master(
            0xBB,
            _element(0xB3, begins.to_bytes(4, "big")),
            _master(0xB7, _number(0xF7, 1), _element(0xF1, place.to_bytes(8, "big"))),
        )
        for begins, place in places
    )
    return _element(0x1C53BB6B, b"".join(points))


def _cluster(begins: int, stands: int, frame: bytes) -> bytes:
    block = _element(0xA1, b"\x81\x00\x00\x00" + frame)  # track 1, at the cluster's own time, no lacing
    return _master(0x1F43B675, _number(0xE7, begins), _master(0xA0, block, _number(0x9B, stands)))


def _master(name: int, *inside: bytes) -> bytes:
    return _element(name, b"".join(inside))


def _number(name: int, value: int) -> bytes:
    return _element(name, value.to_bytes(max(1, (value.bit_length() + 7) // 8), "big"))


def _element(name: int, data: bytes) -> bytes:
    """An element: its name, its length (always in eight bytes), its content."""
    return name.to_bytes((name.bit_length() + 7) // 8, "big") + ((1 << 56) | len(data)).to_bytes(8, "big") + data
