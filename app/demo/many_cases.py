"""Ten thousand applications at one office, copied set-wise from one that was really sent: for the benchmark alone.

Copies belong to a company nobody signs in for. They have forms, numbers, names, dates and legal clocks of their own,
the answers, documents and quote of the original.
"""

from sqlalchemy import Engine, text

_OWNER = text(
    """
    with company as (
        insert into organisations (id, juristic_id, name_th, name_en, status, created_at)
        values (gen_random_uuid(), '0000000000000', 'บริษัท ตัวอย่าง จำกัด', 'Example Company Limited', '', now())
        returning id, created_at
    )
    insert into applicants (id, kind, organisation_id, created_at)
    select gen_random_uuid(), 'organisation', id, created_at from company returning id
    """
)

_FORMS = text(
    """
    insert into single_forms
    select copy.*
    from single_forms f cross join generate_series(1, :copies) n, lateral jsonb_populate_record(f, jsonb_build_object(
        'id', gen_random_uuid(), 'reference', 'COPY ' || n, 'idempotency_key', null,
        'applicant_id', cast(:owner as text)
    )) copy
    where f.id = :form
    """
)

_APPLICATIONS = text(
    """
    insert into applications
    select copy.*
    from applications a
    join single_forms f on f.reference like 'COPY %',
    lateral (select split_part(f.reference, ' ', 2)::int as n) numbered,
    lateral (select (array['submitted', 'submitted', 'submitted', 'submitted', 'accepted', 'accepted',
                           'returned', 'awaiting_payment', 'awaiting_payment', 'rejected'])[1 + n % 10] as now) s,
    lateral jsonb_populate_record(a, jsonb_build_object(
        'id', gen_random_uuid(),
        'single_form_id', f.id,
        'number', 'COPY ' || n,
        'applicant_id', cast(:owner as text),
        'applicant_name', 'ผู้ยื่น ตัวอย่างที่ ' || n,
        'premises_name', 'ร้านตัวอย่างที่ ' || n,
        'state', s.now,
        'submitted_at', a.submitted_at - n * interval '3 minutes',
        'check_by', a.check_by - n % 8,
        'due_on', case s.now when 'accepted' then a.check_by + n % 30 - 5 end,
        'taken_by', case when n % 4 = 0 and s.now in ('submitted', 'accepted') then cast(:officer as text) end,
        'closed_at', case s.now when 'rejected' then a.submitted_at end
    )) copy
    where a.single_form_id = :form
    """
)

_CLOCKS = text(
    """
    insert into clock_moves (application_id, seq, tick, at, reason)
    select id, 1, 'start', submitted_at, 'เอกสารครบถ้วน' from applications
    where number like 'COPY %' and state in ('accepted', 'awaiting_payment', 'rejected')
    """
)

_PAID = text(
    """
    update applications set state = 'preparing'
    where id in (select id from applications where number like 'COPY %' and state = 'awaiting_payment' limit :count)
    returning id
    """
)


def copy(engine: Engine, form_id: str, officer_subject: str, copies: int) -> None:
    """Fill the office of a submitted form with copies of its application; a tenth is in the hands of one officer."""
    with engine.begin() as db:
        officer = db.execute(text("select id from officers where subject = :subject"), {"subject": officer_subject})
        values = {
            "form": form_id,
            "officer": str(officer.scalar_one()),
            "owner": str(db.execute(_OWNER).scalar_one()),
            "copies": copies,
        }
        for statement in (_FORMS, _APPLICATIONS, _CLOCKS):
            db.execute(statement, values)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as db:
        db.execute(text("vacuum analyze single_forms, applications, clock_moves"))


def paid(engine: Engine, count: int) -> list[str]:
    """Ids of copies that stand, from now on, where their licence is to be made."""
    with engine.begin() as db:
        return [str(row.id) for row in db.execute(_PAID, {"count": count})]
