"""Nothing about a person is forgotten in their copy: the schema itself is walked, table by table and column by column."""

import pytest
from sqlalchemy import ForeignKey, Table

from app.core.db import Base
from app.core.holdings import Holding
from app.stories.disposal import FILES
from app.stories.my_data import HELD, NOT_HELD

KNOWN = {holding.table: holding for holding in HELD}
ELSEWHERE = {elsewhere.table: elsewhere.why for elsewhere in NOT_HELD}
OFFICIALS = "officers"
"""Where the walk stops: what an officer did is the agency's record."""


def leads(key: ForeignKey, reached: set[str]) -> bool:
    """Whether a foreign key leads to a table of the person's."""
    return key.column.table.name in reached


def about_people() -> set[str]:
    """Every table from which foreign keys lead to a person, by any number of steps."""
    reached = {"people"}
    while True:
        further = {
            table.name
            for table in Base.metadata.tables.values()
            if table.name not in reached and any(leads(key, reached) for key in table.foreign_keys)
        } - {OFFICIALS}
        if not further:
            return reached
        reached |= further


@pytest.mark.parametrize("name", sorted(about_people()))
def test_every_table_that_leads_to_a_person_is_in_their_copy_or_left_out_with_a_reason(name: str) -> None:
    assert name in KNOWN or ELSEWHERE.get(name), (
        f"{name} leads to a person: say what their copy shows of it in HELD of its room's holdings.py, or why nothing"
    )


@pytest.mark.parametrize("holding", HELD, ids=lambda held: held.table)
def test_every_column_of_such_a_table_was_thought_about(holding: Holding) -> None:
    table: Table | None = Base.metadata.tables.get(holding.table)
    assert table is not None, f"there is no table {holding.table} any more: take it out of HELD"
    new = {column.name for column in table.columns} - holding.declared
    assert new == set(), f"{holding.table}: say whether a person's copy shows {new} (shown, also) or why not (withheld)"
    assert not set(holding.columns) & set(holding.withheld), "shown and withheld at once"


def test_secrets_and_what_officers_tell_each_other_are_never_in_a_copy() -> None:
    shown = {f"{holding.table}.{column}" for holding in HELD for column in holding.columns}
    assert not shown & {
        "people.citizen_index",
        "sessions.token_hash",
        "sessions.id_token",
        "applications.proposal",
        "access_log.officer_id",
        "deficiency_notices.officer_name",
        "payments.raw",
    }
    assert {"internal_notes", "check_marks"} <= {*ELSEWHERE}


def test_every_column_that_names_a_stored_file_is_asked_before_a_file_is_removed() -> None:
    """64 characters is a SHA-256; which of them are files is said here, so that a new one cannot be missed."""
    other = {
        "digest": {"events", "privacy_texts", "doomed_files"},
        "previous": {"events"},
        "arrived": {"uploads"},
        "snapshot_sha256": {"single_forms", "filings"},
        "idempotency_key": {"single_forms"},
        "text_digest": {"acknowledgements", "consents"},
        "token_hash": {"sessions"},
        "citizen_index": {"people"},
        "transaction_id": {"payments", "bank_callbacks"},
        "certificate_serial": {"licence_documents"},
        "certificate_fingerprint": {"licence_documents"},
        "key": {"rate_counts"},
        "first": {"issued_files"},
        "seal": {"issued_files"},
        "sha256": {"service_versions", "papers"},
        "agent_index": {"mandates"},
        "code_index": {"mandates"},
        "secret": {"licence_shares"},
    }
    wide = {
        (table.name, column.name)
        for table in Base.metadata.tables.values()
        for column in table.columns
        if getattr(column.type, "length", None) == 64
    }
    asked = {(column.class_.__tablename__, column.key) for column in FILES}
    assert asked <= wide
    assert {(t, c) for t, c in wide - asked if t not in other.get(c, set())} == set()
