"""What a signature does not cover, it must not leave room for: its own place in the file, and its own loose ends."""

from asn1crypto import cms, core
from pyhanko.sign.validation import EmbeddedPdfSignature


def slack(pdf: bytes, signature: EmbeddedPdfSignature) -> str:
    """What hides in the only bytes the signature does not cover: they must be its own hexadecimal and zeros."""
    start, length, after, _ = (int(number) for number in signature.byte_range)
    gap = pdf[start + length : after]
    contents: bytes = signature.pkcs7_content
    written = contents.hex().encode()
    if gap not in (b"<" + written + b">", b"<" + written.upper() + b">"):
        return "the signature is not alone in its place"
    end = _der_length(contents)
    if any(contents[end:]):
        return "something follows the signature in its place"
    return _looseness(cms.ContentInfo.load(contents[:end]))


def _looseness(message: cms.ContentInfo) -> str:
    """What could be changed in a CMS message without its signature noticing (RFC 5652, 5.1): it must be as it should.

    Time-stamps inside are messages of their own.
    """
    _read_whole(message)
    signed = message["content"]
    by_number = all(info["sid"].name == "issuer_and_serial_number" for info in signed["signer_infos"])
    plain = signed["encap_content_info"]["content_type"].native == "data" and by_number
    if signed["version"].native != ("v1" if plain else "v3"):
        return "the signature states another version of its syntax"
    used = {info["digest_algorithm"]["algorithm"].native for info in signed["signer_infos"]}
    if {algorithm["algorithm"].native for algorithm in signed["digest_algorithms"]} != used:
        return "the signature states other digest algorithms than it uses"
    for info in signed["signer_infos"]:
        for attribute in info["unsigned_attrs"] or ():
            if attribute["type"].native != "signature_time_stamp_token":
                return "the signature carries more than a time-stamp"
            for token in attribute["values"]:
                if problem := _looseness(token):
                    return problem
    return ""


def _read_whole(value: core.Asn1Value) -> None:
    """Parse what the library would parse late or never, and raise ValueError where it is malformed.

    Its own `native` does so too, but again and again for every level: seconds for one time-stamp (measured).
    """
    if isinstance(value, core.Choice):
        _read_whole(value.chosen)
    elif isinstance(value, core.Sequence | core.Set):
        for name in value:
            _read_whole(value[name])
    elif isinstance(value, core.SequenceOf | core.SetOf):
        for item in value:
            _read_whole(item)
    elif isinstance(value, core.Any):
        _read_whole(value.parsed)
    else:
        value.native  # noqa: B018 - a primitive: this parses it


def _der_length(data: bytes) -> int:
    """The length of the DER value `data` begins with (ITU-T X.690, 8.1.3)."""
    first = data[1]
    if first < 0x80:
        return 2 + first
    octets = first & 0x7F
    return 2 + octets + int.from_bytes(data[2 : 2 + octets], "big")
