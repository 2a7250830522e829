"""Reads page contents in the few forms that ours are written in, token by token, with one expression.

Our pages hold hex strings, plain numbers and a handful of operators. What fits this grammar from the first byte to the
last is read here in a tenth of the time a parser takes that builds an object for everything; anything else is left to
that parser, so nothing is let through for being written otherwise.
"""

import re
import struct

_NUMBER = r"[-+]?[0-9]*\.?[0-9]+"
_OPERATOR = r"(?:[a-zA-Z]|BT|ET|Tm|Td|Ts|Tc|Tw|Tz|TL|cm|re|rg|RG|[fFbBW]\*)(?=[ \n]|$)"
_ARRAY = rf"\[(?:<[0-9A-F]*+>|{_NUMBER}|[ ])*+\]TJ"
_RUN = rf"(?:{_ARRAY}|{_NUMBER}[ ]Ts)(?:[ ](?:{_ARRAY}|{_NUMBER}[ ]Ts))*+"
_WORD = rf"(?:{_RUN}|/Span<</ActualText<FEFF[0-9A-F]*+>>>BDC[ ]{_RUN}[ ]EMC)"
_PATH = rf"(?:{_NUMBER}[ ]+)*+(?:re|[mlcvyh])(?=[ \n]|$)"
_TOKEN = re.compile(
    rf"""[ \n]+(?:
      (?:{_NUMBER}[ ]){{3}}rg[ ]BT[ ]/(?P<face>[A-Za-z0-9]+)[ ]{_NUMBER}[ ]Tf[ ]
        1[ ]0[ ]0[ ]1[ ]{_NUMBER}[ ]{_NUMBER}[ ]Tm
        \n(?P<line>{_WORD}(?:\n{_WORD})*+)[ ]ET(?=[ \n]|$)
    | (?P<path>{_PATH}(?:[ \n]+{_PATH})*+)
    | (?P<shown>{_ARRAY})
    | /Span<</ActualText<FEFF[0-9A-F]*>>>(?P<span>BDC)
    | (?P<end>EMC)
    | /[A-Za-z0-9]+[ ]<</MCID[ ](?P<number>[0-9]+)>>[ ]BDC
    | /(?P<artifact>Artifact)[ ](?:BMC|<<(?:/[A-Za-z]+)*>>[ ]BDC)
    | /(?P<font>[A-Za-z0-9]+)[ ]{_NUMBER}[ ]Tf
    | /(?P<drawing>[A-Za-z0-9]+)[ ]Do
    | (?:\[[0-9. ]*\][ ])?(?:{_NUMBER}[ ]+)*(?P<operator>{_OPERATOR})
    )""",
    re.VERBOSE | re.ASCII,
)
OWN_TEXTS = frozenset({"shown", "line"})
"""Kinds of token that show text. A line selects its font first and holds whole words, each with its marks closed."""
OWN_PAINTING = frozenset({*OWN_TEXTS, "drawing"})
"""Kinds of token that paint; operators that paint are the caller's to know."""
_ARRAYS, _STRINGS = re.compile(r"\[([^\]]*)\]TJ"), re.compile(r"<([0-9A-F]*)>")


def own_tokens(data: bytes, watched: frozenset[str]) -> list[tuple[str, str]] | None:
    """(kind, what it says) of every token; None when anything in `data` is written in another way.

    Of the operators only the `watched` ones; what only builds a path is no token.
    """
    text = "\n" + data.decode("latin-1").rstrip("\n ")
    tokens: list[tuple[str, str]] = []
    at = 0
    for found in _TOKEN.finditer(text):
        kind = found.lastgroup
        if found.start() != at or kind is None:
            return None
        at = found.end()
        if kind == "line":
            tokens.append(("font", found["face"]))
        if kind != "path" and (kind != "operator" or found[kind] in watched):
            tokens.append((kind, found[kind]))
    return tokens if at == len(text) else None


def codes_in(shown: str) -> set[int]:
    """The two-byte codes of every string in TJ arrays."""
    strings = _STRINGS.findall(" ".join(_ARRAYS.findall(shown)))
    return {code for (code,) in struct.iter_unpack(">H", bytes.fromhex("".join(strings)))}
