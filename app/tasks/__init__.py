"""Jobs: each is one call of a story, safe to run again after a crash."""

from collections.abc import Sequence
from functools import partial
from uuid import UUID

from app.core import anchors
from app.core.jobs import Worker
from app.core.together import Facts
from app.identity import sessions
from app.stories import (
    act_fees,
    attach,
    case_letter,
    companies,
    delay,
    disposal,
    end,
    fetching,
    issue,
    issuing,
    lasting,
    letter,
    licence_letter,
    my_data,
    new_edition,
    pay,
    reconcile,
    recording,
    reminding,
    retention,
    retention_report,
    signing,
    signing_many,
    tending,
)
from app.stories.house import House

HOURLY, EVERY_MINUTE, NIGHTLY = "7 * * * *", "* * * * *", "23 2 * * *"


def register(worker: Worker, house: House) -> None:
    """Give every job its body. Names are what the stories enqueue."""

    def forget_sessions() -> None:
        with house.database.transaction() as db:
            sessions.sweep(db, house.clock.now())

    def anchor() -> None:
        with house.database.transaction() as db:
            folder = house.settings.data_dir / "anchors"
            anchors.drop(db, folder, house.settings.index_key, house.clock.now())

    def forget() -> None:
        if house.settings.retention:
            retention_report.kept(house, retention.run(house, apply=True))

    def remind_of_licences() -> None:
        reminding.remind(house)

    def remove_files() -> None:
        disposal.sweep(house)

    worker.register("prefill", lambda form_id: fetching.prefill(house, UUID(form_id)))
    worker.register("link_records", lambda form_id: recording.link(house, UUID(form_id)))
    worker.register("describe_company", lambda organisation_id: companies.described(house, UUID(organisation_id)))
    worker.register("inspect_upload", lambda upload_id: attach.inspect(house, UUID(upload_id)))
    worker.register("draw_submission", lambda form_id: issue.submission_receipt(house, UUID(form_id)))
    worker.register("confirm_payment", lambda channel, transaction_id: pay.confirm(house, channel, transaction_id))
    worker.register("ask_about_bill", lambda bill_id: pay.look_for_money(house, UUID(bill_id)))
    worker.register("draw_receipt", lambda bill_id: issue.receipt(house, UUID(bill_id)))
    worker.register("draw_letter", lambda application_id: letter.draw(house, UUID(application_id)))
    worker.register("draw_case_letter", lambda letter_id: case_letter.draw(house, UUID(letter_id)))
    worker.register_together("issue_licence", partial(_licences, house), issuing.AT_ONCE)
    worker.register("sign_batch", lambda batch_id: signing_many.run(house, UUID(batch_id)))
    worker.register("issue_edition", lambda edition_id: new_edition.draw(house, UUID(edition_id)))
    worker.register("follow_act", lambda bill_id: act_fees.follow(house, UUID(bill_id)))
    worker.register("draw_licence_letter", lambda letter_id: licence_letter.draw(house, UUID(letter_id)))
    worker.register("tend_licences", lambda: tending.sweep(house), cron=HOURLY)
    worker.register("prove_licence", lambda licence_id: lasting.prove(house, UUID(licence_id)))
    worker.register("prove_file", lambda first: lasting.prove_file(house, first))
    worker.register("prove_licences", lambda: lasting.order(house), cron=EVERY_MINUTE)
    worker.register("ask_bank_again", lambda: pay.ask_again(house), cron=EVERY_MINUTE)
    worker.register("reconcile", lambda: reconcile.yesterday(house), cron=NIGHTLY)
    worker.register("expire_bills", lambda: pay.expire(house), cron=HOURLY)
    worker.register("tell_late", lambda: delay.tell_late(house), cron=HOURLY)
    worker.register("lapse_unmended", lambda: end.lapse_unmended(house), cron=HOURLY)
    worker.register("empty_quarantine", lambda: attach.purge(house), cron=NIGHTLY)
    worker.register("anchor_events", anchor, cron=NIGHTLY)
    worker.register("copy_data", lambda copy_id: my_data.make(house, UUID(copy_id)))
    worker.register("expire_copies", lambda: my_data.expire(house), cron=HOURLY)
    worker.register("forget_old_data", forget, cron=NIGHTLY)
    worker.register("remove_files", remove_files, cron=HOURLY)
    worker.register("sweep", lambda: end.sweep(house), cron=NIGHTLY)
    worker.register("remind_of_drafts", lambda: end.remind(house), cron=HOURLY)
    worker.register("remind_of_licences", remind_of_licences, cron=NIGHTLY)
    worker.register("remind_signers", lambda: signing.remind(house), cron=HOURLY)
    worker.register("forget_sessions", forget_sessions, cron=HOURLY)


def _licences(house: House, said: Sequence[Facts]) -> dict[int, Exception]:
    ids = [UUID(facts["application_id"]) for facts in said]
    failed = issuing.licences_of(house, [*dict.fromkeys(ids)])
    return {place: failed[one] for place, one in enumerate(ids) if one in failed}
