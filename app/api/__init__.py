"""JSON for machines, by audience."""

from fastapi import APIRouter

from app.api import banks, open_data


def routers() -> list[APIRouter]:
    """Every router of the API."""
    return [banks.router, open_data.router]
