"""What the operator decides, read once from the environment and passed in; nothing reads os.environ afterwards."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parent.parent


KINDS = ("", "production", "demo")
"""What an instance may be. A mistyped word must not make a production instance an unguarded one."""


SHORTEST_SECRET = 32
"""Characters of a secret of our own that nobody guesses."""


class SettingsError(ValueError):
    """A setting is missing or contradicts another; the text says which and what to set."""


@dataclass(frozen=True)
class OidcClient:
    """One relying-party registration: ThaID for citizens, Digital ID for officers and for companies."""

    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    scopes: str
    secret_rounds: int = 0
    """DGA Digital ID sends md5(secret + "EGA") repeated this often instead of the secret (0 = as issued)."""
    strong: tuple[str, ...] = ()
    """What the provider calls a sign-in strong enough to sign many decisions by (`acr` values); none: none is."""


@dataclass(frozen=True)
class Gateway:
    """The GDX registry gateway (DOPA, DBD): where it is and who we are there."""

    url: str
    consumer_key: str = field(repr=False)
    consumer_secret: str = field(repr=False)
    agent_id: str
    timeout: float = 5.0


@dataclass(frozen=True)
class Bank:
    """The collecting bank: inquiry address, pay page for the demo, secret of its signed confirmations."""

    url: str
    callback_secret: str = field(repr=False)
    pay_page: str = ""


@dataclass(frozen=True)
class Signing:
    """Where the agencies' certificates, the trusted roots and the time-stamp authority are."""

    signers: Path
    passphrase_file: Path
    trust_roots: Path
    tsa_url: str


@dataclass(frozen=True)
class Settings:
    """Everything the portal needs to know about where it lives."""

    base_url: str
    port: int
    data_dir: Path
    database_url: str
    owner_url: str
    keys: str = field(repr=False)
    index_key: str = field(repr=False)
    cookie_secret: str = field(repr=False)
    citizens: OidcClient
    officers: OidcClient
    gateway: Gateway
    bank: Bank
    signing: Signing
    catalogue_dir: Path = ROOT / "services_catalog"
    production: bool = False
    demo: bool = False
    companies: OidcClient | None = None
    """Where companies sign in; None: this portal does not offer it."""
    retention: bool = False
    """Whether the nightly run deletes what is past its period; the operator switches it on after reading dry runs."""
    upload_limit_bytes: int = 10 * 1024 * 1024

    @classmethod
    def from_env(cls, env: Mapping[str, str] | None = None) -> "Settings":
        """Read the environment; raise SettingsError naming every setting that is missing."""
        env = os.environ if env is None else env
        missing: list[str] = []

        def need(name: str) -> str:
            value = env.get(name, "").strip()
            if not value:
                missing.append(name)
            return value

        def either(name: str, default: str) -> str:
            """What is set; a setting that is there and empty says nothing, so it opens nothing."""
            return env.get(name, default).strip() or default

        port = int(either("PORT", "8000"))
        kind = env.get("JUDIAO_ENV", "").strip()
        if kind not in KINDS:
            raise SettingsError(f"JUDIAO_ENV is {kind!r}; leave it unset or say one of: production, demo")
        settings = cls(
            base_url=either("JUDIAO_BASE_URL", f"http://127.0.0.1:{port}").rstrip("/"),
            port=port,
            data_dir=Path(either("DATA_DIR", "var")).resolve(),
            database_url=need("DATABASE_URL"),
            owner_url=env.get("DATABASE_OWNER_URL", "") or env.get("DATABASE_URL", ""),
            keys=need("JUDIAO_KEYS"),
            index_key=need("JUDIAO_INDEX_KEY"),
            cookie_secret=need("JUDIAO_COOKIE_SECRET"),
            citizens=OidcClient(
                need("JUDIAO_CITIZEN_ISSUER"),
                need("JUDIAO_CITIZEN_CLIENT_ID"),
                need("JUDIAO_CITIZEN_CLIENT_SECRET"),
                either("JUDIAO_CITIZEN_SCOPES", "openid pid title given_name family_name name_en birthdate ial"),
                int(either("JUDIAO_CITIZEN_SECRET_ROUNDS", "0")),
            ),
            officers=OidcClient(
                need("JUDIAO_OFFICER_ISSUER"),
                need("JUDIAO_OFFICER_CLIENT_ID"),
                need("JUDIAO_OFFICER_CLIENT_SECRET"),
                either("JUDIAO_OFFICER_SCOPES", "openid"),
                int(either("JUDIAO_OFFICER_SECRET_ROUNDS", "0")),
                tuple(either("JUDIAO_OFFICER_STRONG", "aal2 aal3").split()),
            ),
            gateway=Gateway(
                need("JUDIAO_GDX_URL"),
                need("JUDIAO_GDX_CONSUMER_KEY"),
                need("JUDIAO_GDX_CONSUMER_SECRET"),
                need("JUDIAO_GDX_AGENT_ID"),
                float(either("JUDIAO_GDX_TIMEOUT", "5")),
            ),
            bank=Bank(
                need("JUDIAO_BANK_URL"), need("JUDIAO_BANK_CALLBACK_SECRET"), env.get("JUDIAO_BANK_PAY_PAGE", "")
            ),
            signing=Signing(
                Path(need("JUDIAO_SIGNERS")),
                Path(need("JUDIAO_SIGNERS_PASSPHRASE_FILE")),
                Path(need("JUDIAO_TRUST_ROOTS")),
                need("JUDIAO_TSA_URL"),
            ),
            catalogue_dir=Path(either("JUDIAO_CATALOGUE", str(ROOT / "services_catalog"))),
            production=kind == "production",
            demo=kind == "demo",
            companies=_companies(env),
            retention=env.get("JUDIAO_RETENTION", "") == "on",
        )
        if missing:
            raise SettingsError("set these environment variables: " + ", ".join(missing))
        settings._refuse_unsafe_production()
        return settings

    def _refuse_unsafe_production(self) -> None:
        if not self.production:
            return
        if urlsplit(self.base_url).scheme != "https":
            raise SettingsError("JUDIAO_BASE_URL must be an https address in production")
        if len(self.cookie_secret) < SHORTEST_SECRET:
            raise SettingsError(f"JUDIAO_COOKIE_SECRET must have at least {SHORTEST_SECRET} characters in production")


def _companies(env: Mapping[str, str]) -> OidcClient | None:
    issuer = env.get("JUDIAO_COMPANY_ISSUER", "")
    if not issuer:
        return None
    if missing := [name for name in ("CLIENT_ID", "CLIENT_SECRET") if not env.get(f"JUDIAO_COMPANY_{name}")]:
        raise SettingsError("set these environment variables: " + ", ".join(f"JUDIAO_COMPANY_{m}" for m in missing))
    return OidcClient(
        issuer,
        env.get("JUDIAO_COMPANY_CLIENT_ID", ""),
        env.get("JUDIAO_COMPANY_CLIENT_SECRET", ""),
        env.get(
            "JUDIAO_COMPANY_SCOPES",
            "openid juristic_id juristic_id_verified juristic_name member_type login_via"
            " citizen_id citizen_id_verified title given_name family_name ial_level",
        ),
        int(env.get("JUDIAO_COMPANY_SECRET_ROUNDS", "0")),
    )
