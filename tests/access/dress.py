"""What every answer wears, whoever asks and whatever comes of it."""

from collections.abc import Mapping

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; media-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; object-src 'none'; frame-ancestors 'none'; "
    "require-trusted-types-for 'script'; trusted-types default; report-uri /csp-report"
)
FILE_POLICY = "sandbox; default-src 'none'; frame-ancestors 'none'"
ALWAYS = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=()",
    "x-frame-options": "DENY",
}
FOR_AN_HOUR = "public, max-age=3600"
FOR_EVER = "public, max-age=31536000, immutable"


def faults(headers: Mapping[str, str], *, for_ever: bool = False, guide: bool = False) -> list[str]:
    """What is missing or wrong.

    `for_ever`: a static file whose address changes with its content; `guide`: a file of a manual's film, which is the
    same for everybody and plays inside the page.
    """
    found = [f"{name}: {headers.get(name)}" for name, value in ALWAYS.items() if headers.get(name) != value]
    policy = FILE_POLICY if guide or "content-disposition" in headers else POLICY
    if headers.get("content-security-policy") != policy:
        found.append(f"content-security-policy: {headers.get('content-security-policy')}")
    if "server" in headers:
        found.append(f"server: {headers['server']}")
    kept = headers.get("cache-control", "")
    if for_ever or guide:
        right = FOR_EVER if for_ever else FOR_AN_HOUR
        return found + ([] if kept == right and "set-cookie" not in headers else [f"cache-control: {kept}"])
    if "no-store" not in kept:
        found.append(f"cache-control: {kept}")
    return found + [f"vary lacks {name}" for name in ("Cookie", "HX-Request") if name not in headers.get("vary", "")]
