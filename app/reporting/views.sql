-- What the reports read. Every row comes from the append-only events; the other tables only say whose it was.
-- Made anew after every migration (app/core/migrating.py), so the tables below them may change shape.

-- One piece of evidence for one of the OPDC's eight criteria (app/reporting/criteria.py).
-- reference: a number that names no person.  holds: false where a licence was issued without the proof.
create view views.evidence as
select a.service_slug as service, a.agency_code as agency, 'e_form' as criterion, e.at, a.number as reference,
       jsonb_build_object('event', e.digest) as fact, true as holds
from public.events e
join public.applications a on a.id = e.subject_id
where e.kind = 'application.submit' and e.actor_kind = 'citizen'
union all
select a.service_slug, a.agency_code, 'prefilled', e.at, a.number,
       jsonb_build_object('event', e.digest, 'answers', e.facts -> 'linked_answers'), true
from public.events e
join public.applications a on a.id = e.subject_id
where e.kind = 'application.submit' and e.actor_kind = 'citizen'
  and e.facts -> 'linked_answers' ?| array ['dopa', 'dbd']
union all
select a.service_slug, a.agency_code, 'linked_documents', e.at, a.number,
       jsonb_build_object('event', e.digest, 'documents', e.facts -> 'linked_documents'), true
from public.events e
join public.applications a on a.id = e.subject_id
where e.kind = 'application.submit' and e.actor_kind = 'citizen'
  and e.facts -> 'linked_documents' <> '{}'::jsonb
union all
-- A bill may hold several applications: it is evidence for each service and agency on it, once.
select distinct a.service_slug, a.agency_code, 'bill', e.at, e.facts ->> 'number',
       jsonb_build_object('event', e.digest), true
from public.events e
join public.bill_lines l on l.bill_id = e.subject_id
join public.applications a on a.id = l.application_id
where e.kind = 'bill_issued'
union all
select distinct a.service_slug, a.agency_code, 'e_receipt', e.at, e.facts ->> 'number',
       jsonb_build_object('event', e.digest, 'sha256', e.facts -> 'digest'), true
from public.events e
join public.bill_lines l on l.bill_id = e.subject_id
join public.applications a on a.id = l.application_id
where e.kind = 'receipt_issued'
union all
select l.service_slug, l.agency_code, 'e_licence', e.at, l.number,
       jsonb_build_object('event', e.digest, 'sha256', e.facts -> 'sha256'), true
from public.events e
join public.licences l on l.id = e.subject_id
where e.kind = 'licence.issue'
union all
select l.service_slug, l.agency_code, 'ca_signature', e.at, l.number,
       jsonb_build_object('event', e.digest, 'signature', e.facts #> '{checked,signature}'),
       e.facts #> '{checked,signature}' ?& array ['subject', 'issuer', 'stamped_at', 'stamped_by'] is true
from public.events e
join public.licences l on l.id = e.subject_id
where e.kind = 'licence.issue'
union all
select l.service_slug, l.agency_code, 'pdf_a', e.at, l.number,
       jsonb_build_object('event', e.digest, 'checker', e.facts #> '{checked,checker}',
                          'profile', e.facts #> '{checked,profile}', 'findings', e.facts #> '{checked,findings}'),
       (e.facts #>> '{checked,profile}' like 'PDF/A-3%' and e.facts #>> '{checked,checker}' <> ''
        and e.facts #> '{checked,findings}' = '[]'::jsonb) is true
from public.events e
join public.licences l on l.id = e.subject_id
where e.kind = 'licence.issue';

-- One decision: an application granted, refused or handed back, and whether it had been complete the first time.
create view views.decisions as
select a.id as application_id, a.service_slug as service, a.service_version as version, a.agency_code as agency, e.at,
       (not exists (select 1 from public.events r
                    where r.subject_id = a.id and r.kind = 'application.return' and r.at <= e.at)) as right_first_time
from public.events e
join public.applications a on a.id = e.subject_id
where e.kind in ('application.approve', 'application.reject', 'application.close_incomplete');

-- One notice of delay: that a case is not decided within the manual's time, and why (Licensing Facilitation Act s.10).
create view views.delays as
select e.at, a.number, a.service_slug as service, a.agency_code as agency, e.facts ->> 'due_on' as due_on,
       coalesce(e.facts ->> 'reason', '') as reason, coalesce(e.facts ->> 'until', '') as until,
       coalesce(e.facts ->> 'letter', '') as letter, l.id as letter_id, e.digest as event
from public.events e
join public.applications a on a.id = e.subject_id
left join public.case_letters l on l.agency_code = a.agency_code and l.number = e.facts ->> 'letter'
where e.kind in ('application.delay', 'application.delay_unexplained');
