"""The certificates that this machine trusts when it calls out (or SSL_CERT_FILE names), read once for the process."""

import ssl
from functools import cache

import httpx2


@cache
def trusted() -> ssl.SSLContext:
    """What every client of ours passes as `verify`: reading the trusted roots takes longer than drawing a page."""
    return httpx2.create_ssl_context()
