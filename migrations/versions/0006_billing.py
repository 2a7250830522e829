"""Bills, payments, a ledger that must balance, receipts."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0006"
down_revision = "0005"


BALANCE_GUARD = (
    """
create or replace function ledger_must_balance() returns trigger language plpgsql as $$
begin
    if (select sum(debit_satang) - sum(credit_satang) from ledger_entries
        where "transaction" = new."transaction") <> 0 then
        raise exception using errcode = 'check_violation', constraint = 'ck_ledger_entries_balanced',
            message = 'ledger transaction ' || new."transaction" || ' does not balance';
    end if;
    return null;
end $$
""",
    """
create constraint trigger ledger_balances after insert or update on ledger_entries
deferrable initially deferred for each row execute function ledger_must_balance()
""",
)


def upgrade() -> None:
    """Make it."""
    op.create_table(
        "bank_callbacks",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("channel", sa.String(length=40), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("signature", sa.String(length=200), nullable=False),
        sa.Column("signed_at", sa.String(length=40), nullable=False),
        sa.Column(
            "verdict",
            sa.Enum(
                "accepted",
                "forged",
                "stale",
                "too_big",
                "malformed",
                "conflicting",
                name="verdict",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("transaction_id", sa.String(length=64), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bank_callbacks")),
    )
    op.create_index("ix_bank_callbacks_received_at", "bank_callbacks", ["received_at"], unique=False)
    op.create_index("ix_bank_callbacks_transaction", "bank_callbacks", ["channel", "transaction_id"], unique=False)
    op.create_table(
        "ledger_entries",
        sa.Column("transaction", sa.Uuid(), nullable=False),
        sa.Column("account", sa.String(length=160), nullable=False),
        sa.Column("debit_satang", sa.BigInteger(), nullable=False),
        sa.Column("credit_satang", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("(debit_satang = 0) != (credit_satang = 0)", name=op.f("ck_ledger_entries_one_side")),
        sa.CheckConstraint("debit_satang >= 0 and credit_satang >= 0", name=op.f("ck_ledger_entries_not_negative")),
        sa.PrimaryKeyConstraint("transaction", "account", name=op.f("pk_ledger_entries")),
    )
    op.create_index("ix_ledger_entries_account", "ledger_entries", ["account", "at"], unique=False)
    op.create_table(
        "bills",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("agency_code", sa.String(length=40), nullable=False),
        sa.Column("payee_th", sa.String(), nullable=False),
        sa.Column("payee_en", sa.String(), nullable=False),
        sa.Column("biller_id", sa.String(length=15), nullable=False),
        sa.Column("ref1", sa.String(length=20), nullable=False),
        sa.Column("ref2", sa.String(length=20), nullable=False),
        sa.Column("applicant_id", sa.Uuid(), nullable=False),
        sa.Column("payer_name", sa.String(), nullable=False),
        sa.Column("amount_satang", sa.BigInteger(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "open",
                "paid",
                "void",
                "expired",
                name="billstatus",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("paid_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("(status = 'paid') = (paid_at is not null)", name=op.f("ck_bills_paid_has_moment")),
        sa.CheckConstraint("biller_id ~ '^[0-9]{15}$'", name=op.f("ck_bills_biller_15_digits")),
        sa.CheckConstraint("amount_satang > 0", name=op.f("ck_bills_amount_positive")),
        sa.CheckConstraint("due_at > issued_at", name=op.f("ck_bills_due_after_issue")),
        sa.ForeignKeyConstraint(["applicant_id"], ["applicants.id"], name=op.f("fk_bills_applicant_id_applicants")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bills")),
        sa.UniqueConstraint("agency_code", "number", name=op.f("uq_bills_agency_code")),
        sa.UniqueConstraint("biller_id", "ref1", "ref2", name=op.f("uq_bills_biller_id")),
    )
    op.create_index("ix_bills_applicant_id", "bills", ["applicant_id", "issued_at"], unique=False)
    op.create_index("ix_bills_open_due", "bills", ["due_at"], unique=False, postgresql_where="status = 'open'")
    op.create_table(
        "payments",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("channel", sa.String(length=40), nullable=False),
        sa.Column("transaction_id", sa.String(length=64), nullable=False),
        sa.Column("biller_id", sa.String(length=15), nullable=False),
        sa.Column("ref1", sa.String(length=40), nullable=False),
        sa.Column("ref2", sa.String(length=40), nullable=False),
        sa.Column("amount_satang", sa.BigInteger(), nullable=False),
        sa.Column("paid_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("booked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "status",
            sa.Enum(
                "pending",
                "settled",
                "duplicate",
                "wrong_amount",
                "late",
                "unmatched",
                "disowned",
                name="paymentstatus",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("bill_id", sa.Uuid(), nullable=True),
        sa.Column("raw", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.CheckConstraint(
            "(status in ('pending', 'disowned')) = (booked_at is null)", name=op.f("ck_payments_booked_when_judged")
        ),
        sa.CheckConstraint("status != 'settled' or bill_id is not null", name=op.f("ck_payments_settled_has_bill")),
        sa.CheckConstraint("amount_satang > 0", name=op.f("ck_payments_amount_positive")),
        sa.ForeignKeyConstraint(["bill_id"], ["bills.id"], name=op.f("fk_payments_bill_id_bills")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payments")),
        sa.UniqueConstraint("channel", "transaction_id", name=op.f("uq_payments_channel")),
    )
    op.create_index("ix_payments_bill_id", "payments", ["bill_id"], unique=False)
    op.create_index("ix_payments_references", "payments", ["biller_id", "ref1", "ref2"], unique=False)
    op.create_index(
        "ix_payments_unfinished", "payments", ["received_at"], unique=False, postgresql_where="status = 'pending'"
    )
    op.create_index(
        "uq_payments_settled_bill", "payments", ["bill_id"], unique=True, postgresql_where="status = 'settled'"
    )
    op.create_table(
        "bill_lines",
        sa.Column("bill_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("agency_code", sa.String(length=40), nullable=False),
        sa.Column("service_slug", sa.String(length=80), nullable=False),
        sa.Column("label_th", sa.String(), nullable=False),
        sa.Column("label_en", sa.String(), nullable=False),
        sa.Column("law", sa.String(), nullable=False),
        sa.Column("satang", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("position > 0", name=op.f("ck_bill_lines_position_positive")),
        sa.CheckConstraint("satang > 0", name=op.f("ck_bill_lines_satang_positive")),
        sa.ForeignKeyConstraint(
            ["application_id"], ["applications.id"], name=op.f("fk_bill_lines_application_id_applications")
        ),
        sa.ForeignKeyConstraint(["bill_id"], ["bills.id"], name=op.f("fk_bill_lines_bill_id_bills")),
        sa.PrimaryKeyConstraint("bill_id", "position", name=op.f("pk_bill_lines")),
    )
    op.create_index("ix_bill_lines_application_id", "bill_lines", ["application_id"], unique=False)
    op.create_table(
        "receipts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("agency_code", sa.String(length=40), nullable=False),
        sa.Column("bill_id", sa.Uuid(), nullable=False),
        sa.Column("payment_id", sa.Uuid(), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("file_digest", sa.String(length=64), nullable=True),
        sa.CheckConstraint(
            "file_digest is null or file_digest ~ '^[0-9a-f]{64}$'", name=op.f("ck_receipts_digest_is_sha256")
        ),
        sa.ForeignKeyConstraint(["bill_id"], ["bills.id"], name=op.f("fk_receipts_bill_id_bills")),
        sa.ForeignKeyConstraint(["payment_id"], ["payments.id"], name=op.f("fk_receipts_payment_id_payments")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_receipts")),
        sa.UniqueConstraint("agency_code", "number", name=op.f("uq_receipts_agency_code")),
        sa.UniqueConstraint("bill_id", name=op.f("uq_receipts_bill_id")),
        sa.UniqueConstraint("payment_id", name=op.f("uq_receipts_payment_id")),
    )
    for statement in BALANCE_GUARD:
        op.execute(statement)
    op.execute("revoke update, delete, truncate on ledger_entries, bank_callbacks from portal")


def downgrade() -> None:
    """Unmake it."""
    op.drop_table("receipts")
    op.drop_index("ix_bill_lines_application_id", table_name="bill_lines")
    op.drop_table("bill_lines")
    op.drop_index("uq_payments_settled_bill", table_name="payments", postgresql_where="status = 'settled'")
    op.drop_index("ix_payments_unfinished", table_name="payments", postgresql_where="status = 'pending'")
    op.drop_index("ix_payments_references", table_name="payments")
    op.drop_index("ix_payments_bill_id", table_name="payments")
    op.drop_table("payments")
    op.drop_index("ix_bills_open_due", table_name="bills", postgresql_where="status = 'open'")
    op.drop_index("ix_bills_applicant_id", table_name="bills")
    op.drop_table("bills")
    op.drop_index("ix_ledger_entries_account", table_name="ledger_entries")
    op.drop_table("ledger_entries")
    op.drop_index("ix_bank_callbacks_transaction", table_name="bank_callbacks")
    op.drop_index("ix_bank_callbacks_received_at", table_name="bank_callbacks")
    op.drop_table("bank_callbacks")
    op.execute("drop function ledger_must_balance")
