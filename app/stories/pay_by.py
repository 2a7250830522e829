"""Until which moment of its last day a bill can be paid."""

from datetime import date, datetime, time

from app.core.clock import BANGKOK


def due_moment(day: date) -> datetime:
    """A bill is payable until 23:00 of its last day in Thailand (banks settle the day after)."""
    return datetime.combine(day, time(23), BANGKOK)
