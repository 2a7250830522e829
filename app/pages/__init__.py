"""HTML by audience: public, sign-in, citizen, officer. Parse, one call, render or redirect."""

from fastapi import APIRouter


def routers() -> list[APIRouter]:
    """Every page's router, in the order they are tried."""
    from app.pages import (  # noqa: PLC0415 - the rooms' pages import from this package
        acting,
        citizen_case,
        citizen_form,
        citizen_holdings,
        citizen_mend,
        citizen_my_data,
        citizen_pay,
        citizen_privacy,
        citizen_saving,
        citizen_send,
        citizen_start,
        health,
        mandates,
        officer_case,
        officer_check,
        officer_data,
        officer_decide,
        officer_decided,
        officer_documents,
        officer_money,
        officer_passing,
        officer_queue,
        officer_standing,
        public,
        public_start,
        reporter,
        sign_in,
        verify,
    )

    rooms = (
        public,
        public_start,
        verify,
        sign_in,
        acting,
        mandates,
        citizen_start,
        citizen_form,
        citizen_saving,
        citizen_send,
        citizen_case,
        citizen_mend,
        citizen_my_data,
        citizen_pay,
        citizen_holdings,
        citizen_privacy,
        officer_queue,
        officer_passing,
        officer_case,
        officer_standing,
        officer_check,
        officer_data,
        officer_decide,
        officer_decided,
        officer_documents,
        officer_money,
        reporter,
        health,
    )
    return [room.router for room in rooms]
