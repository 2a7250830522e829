"""How often is too often: counts shared by all workers, one upsert in the database each."""

import hashlib
from datetime import datetime

from sqlalchemy import BigInteger, Integer, String, delete, text
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.core.db import Base
from app.core.errors import TooMany


class RateCount(Base):
    """Hits of one hashed key in one window of time (its start in Unix seconds)."""

    __tablename__ = "rate_counts"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    window: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    hits: Mapped[int] = mapped_column(Integer)


_HIT = text(
    'insert into rate_counts (key, "window", hits) values (:key, :window, 1) '
    'on conflict (key, "window") do update set hits = rate_counts.hits + 1 returning hits'
)


def take(db: Session, what: str, who: str, now: datetime, *, limit: int, per_seconds: int) -> None:
    """Count one use of `what` by `who` (an address or an account); raise TooMany above `limit` in the window.

    Counted in the caller's transaction: pages that answer (even with a 404) keep the count, a TooMany rolls back to it.
    """
    start = int(now.timestamp()) // per_seconds * per_seconds
    key = hashlib.sha256(f"{what}:{who}".encode()).hexdigest()
    if db.execute(_HIT, {"key": key, "window": start}).scalar_one() > limit:
        raise TooMany("คุณลองถี่เกินไป รอสักครู่แล้วลองใหม่", retry_after=start + per_seconds - int(now.timestamp()))


def sweep(db: Session, now: datetime) -> None:
    """Forget windows that began more than an hour ago."""
    db.execute(delete(RateCount).where(RateCount.window < int(now.timestamp()) - 3600))
