"""Every interception has one record, signed by the employee who oversees it (47 CFR 1.20004), and every record one interception."""

import io
import subprocess
from datetime import timedelta

import pikepdf
import pytest

from tecum.access.rules import StepUpNeeded
from tecum.jobs import following
from tecum.kernel.actors import Actor
from tecum.kernel.refusals import NotYours
from tecum.models import Certification, CertificationSheet, CertifiedRun, Mismatch, StoredFile
from tecum.surveillance import operations as surveillance
from tecum.surveillance.drivers.simulator import Mood
from tecum.surveillance.operations import certifying, orders
from tecum.surveillance.operations.certifying import CannotReport, CannotSign
from tecum.surveillance.queries import certifications as queries
from tecum.surveillance.rules.ordered import Intercept
from tecum.surveillance.rules.tasks import Task
from tests import make, taps
from tests import orders as kit
from tests.make import NOON, acting
from tests.orders import administrator, bill, by_fax, carrier, in_force, order_said, sound  # noqa: F401
from tests.productions import signing  # noqa: F401
from tests.taps import carried, pen, switch, watched, wireless  # noqa: F401

pytestmark = [pytest.mark.django_db(transaction=True)]
SECOND, MINUTE, DAY = timedelta(seconds=1), timedelta(minutes=1), timedelta(days=1)
JOBS = Actor.system("jobs")


def followed(now) -> int:
    return following.follow_all(lambda: now)


@pytest.fixture
def started(wireless):  # noqa: F811
    """One order with a pen register on two switches, on since a second after noon."""
    found = taps.order().authorize(pen("training-1", "training-2")).activate()
    carried(NOON + SECOND)
    followed(NOON + SECOND)
    return found


def signer(found, now=NOON + DAY):
    """Return who affirmed the start, with a second factor given just now."""
    return found.at(found.approver, now)


def signed(found, now=NOON + DAY, **more):
    row = Certification.objects.get(**more)
    by = signer(found, now)
    if row.digest:
        certifying.complete(
            certification=row.pk, officer="Det. Dana Ruiz", signer="Hon. R. Okonkwo, judge", by=by, now=now
        )
    view, _ = certifying.show(certification=row.pk, by=by, now=now)
    certifying.sign(certification=row.pk, digest=view.digest, name=by.name, by=by, now=now)
    return Certification.objects.get(pk=row.pk)


class TestTheRecord:
    def test_what_one_act_started_stands_in_one_record_each_switch_once(self, started):
        row = Certification.objects.get()
        said = certifying.show(certification=row.pk, by=signer(started), now=NOON + DAY)[1]

        assert CertifiedRun.objects.count() == 2
        assert row.overseer == started.approver.ref and said.overseer == "Bo Farrow"
        assert {each.switch for each in said.stretches} == {"training-1", "training-2"}
        assert said.begins == (NOON + SECOND).isoformat()
        assert [each.types for each in said.stretches] == [["pen_register"], ["pen_register"]]
        assert said.officer == "Dana Ruiz" and said.authorized
        assert said.lacks() == ["person who signed the authorization"]

    def test_a_second_look_makes_no_second_record(self, started):
        certifying.follow(surveillance=started.surveillance, by=JOBS, now=NOON + DAY)
        certifying.follow(surveillance=started.surveillance, by=JOBS, now=NOON + 2 * DAY)

        assert (Certification.objects.count(), CertifiedRun.objects.count()) == (1, 2)

    def test_what_no_switch_showed_has_no_record(self, wireless):  # noqa: F811
        switch().behave(Mood.SILENT, times=-1)
        taps.order().authorize(pen()).activate()
        carried(NOON + SECOND)
        followed(NOON + SECOND)

        assert not Certification.objects.exists()
        assert certifying.balance(by=JOBS, now=NOON + DAY) == 0

    def test_a_switch_that_stored_content_instead_of_a_pen_register_is_on_record_without_authorization(
        self,
        wireless,  # noqa: F811
    ):
        switch().behave(Mood.LIAR)
        found = taps.order().authorize(pen()).activate()
        carried(NOON + SECOND)
        followed(NOON + SECOND)

        row = Certification.objects.get()
        (line,) = certifying.show(certification=row.pk, by=signer(found), now=NOON + DAY)[1].stretches
        assert "something else than was ordered" in line.without

    def test_what_ran_over_its_end_says_so(self, wireless):  # noqa: F811
        end = NOON + DAY
        found = taps.order().authorize(pen(), ends_at=end).activate()
        carried(NOON + SECOND)
        switch().behave(Mood.SILENT, times=-1)
        carried(end - 5 * SECOND)
        carried(end + SECOND)
        switch().recover()
        carried(end + timedelta(minutes=1))
        followed(end + timedelta(minutes=1))

        said = certifying.show(certification=Certification.objects.get().pk, by=signer(found, end), now=end)[
            1
        ]
        assert "on after its authorized end" in said.stretches[0].without
        assert said.ended

    def test_what_comes_back_after_it_was_off_is_a_line_of_its_record_that_ends_when_a_person_looked(
        self,
        wireless,  # noqa: F811
    ):
        found = taps.order().authorize(pen()).activate()
        carried(NOON + SECOND)
        (task,) = switch().holds()
        surveillance.end(
            surveillance=found.surveillance, why="agency_asked", by=found.approver, now=NOON + MINUTE
        )
        carried(NOON + MINUTE + SECOND)
        followed(NOON + MINUTE + SECOND)
        signed(found)
        back, gone = NOON + DAY, NOON + DAY + SECOND
        switch().plant(task)  # put back from a copy of the switch

        watched(back)
        carried(gone)
        followed(gone)

        row = Certification.objects.get()
        by = signer(found, gone)
        first, again = certifying.show(certification=row.pk, by=by, now=gone)[1].stretches
        assert row.state == "OPEN" and not first.without and first.ends
        assert (
            again.begins == back.isoformat()
            and again.ends == ""
            and "nobody had started it again" in again.without
        )
        assert again.types == ["pen_register"] and again.number == first.number
        mismatch = Mismatch.objects.get(kind="returned")
        surveillance.settle_mismatch(mismatch=mismatch.pk, how="looked", by=by, now=gone)
        followed(gone)
        said = certifying.show(certification=row.pk, by=by, now=gone)[1]
        assert said.ended and said.stretches[1].ends == gone.isoformat() and not said.authorized
        assert certifying.balance(by=JOBS, now=NOON + 2 * DAY) == 0

    def test_something_that_nobody_here_put_on_a_switch_has_a_record_until_it_turns_out_to_be_none(
        self,
        wireless,  # noqa: F811
    ):
        ada, _ = taps.administrators()
        switch().plant(
            Task(
                "b0b0b0b0-0000-4000-8000-000000000000",
                1,
                "2925550188",
                "",
                "",
                "interconnect",
                frozenset({Intercept.TITLE_III}),
                "",
                NOON + DAY,
            )
        )
        watched(NOON)
        followed(NOON + SECOND)
        row = Certification.objects.get()
        assert row.mismatch.kind == "unknown" and row.overseer == ""

        certifying.take_over(certification=row.pk, why="I found it.", by=ada, now=NOON)
        certifying.complete(
            certification=row.pk,
            officer="not known",
            signer="nobody",
            number="(292) 555-0188",
            types=["title_iii"],
            by=ada,
            now=NOON,
        )
        view, said = certifying.show(certification=row.pk, by=ada, now=NOON)
        assert said.lacks() == [] and not said.authorized
        surveillance.settle_mismatch(mismatch=row.mismatch_id, how="drill", by=ada, now=NOON)
        followed(NOON + SECOND)
        assert Certification.objects.get().state == "VOID"


@pytest.mark.usefixtures("started")
class TestTheSignature:
    def test_the_employee_who_affirmed_signs_exactly_what_was_read(self, started):
        row = signed(started)

        sheet = CertificationSheet.objects.get()
        assert row.state == "SIGNED" and sheet.why == "started"
        assert sheet.digest == row.digest and sheet.signed_by == started.approver.ref
        with pikepdf.open(
            io.BytesIO(
                certifying.print_sheet(certification=row.pk, ordinal=1, by=signer(started), now=NOON + DAY)
            )
        ) as paper:
            assert paper.docinfo["/SignedContentSHA256"] == sheet.digest
            assert "/StructTreeRoot" in paper.Root
        assert StoredFile.objects.get(pk=sheet.file).matter == row.matter

    def test_nobody_signs_for_another(self, started):
        row, by = Certification.objects.get(), started.at(started.proposer, NOON + DAY)

        with pytest.raises(CannotSign, match="take it over first"):
            certifying.sign(certification=row.pk, digest=row.digest, name=by.name, by=by, now=NOON + DAY)

    def test_a_signature_wants_a_fresh_second_factor(self, started):
        row = Certification.objects.get()
        by = acting(make.again_by_ref(started.approver.ref), stepped_up_at=NOON)

        with pytest.raises(StepUpNeeded):
            certifying.sign(certification=row.pk, digest=row.digest, name=by.name, by=by, now=NOON + DAY)

    def test_an_incomplete_record_is_not_signed(self, started):
        row, by = Certification.objects.get(), signer(started)

        with pytest.raises(CannotSign, match="person who signed the authorization"):
            certifying.sign(certification=row.pk, digest=row.digest, name=by.name, by=by, now=NOON + DAY)

    def test_what_changed_since_it_was_read_is_not_signed(self, started):
        row, by = Certification.objects.get(), signer(started)
        read = row.digest
        certifying.complete(certification=row.pk, officer="X", signer="Y", by=by, now=NOON + DAY)

        with pytest.raises(CannotSign, match="changed since you read it"):
            certifying.sign(certification=row.pk, digest=read, name=by.name, by=by, now=NOON + DAY)
        assert not CertificationSheet.objects.exists()

    def test_the_name_is_typed(self, started):
        row, by = Certification.objects.get(), signer(started)
        certifying.complete(certification=row.pk, officer="X", signer="Y", by=by, now=NOON + DAY)

        with pytest.raises(CannotSign, match="own name"):
            certifying.sign(
                certification=row.pk,
                digest=Certification.objects.get().digest,
                name="Somebody",
                by=by,
                now=NOON + DAY,
            )

    def test_another_employee_takes_it_over_and_says_why(self, started):
        row, by = Certification.objects.get(), started.at(started.proposer, NOON + DAY)
        certifying.take_over(certification=row.pk, why="Bo left the company.", by=by, now=NOON + DAY)
        said = certifying.show(certification=row.pk, by=by, now=NOON + DAY)[1]

        assert said.overseer == "Ada Lindqvist" and "Bo left" in said.remark

    def test_an_extension_and_the_end_are_signed_anew_and_the_earlier_sheet_stays(self, started):
        row = signed(started)
        started.extend(NOON + 60 * DAY, NOON + DAY)
        followed(NOON + DAY)
        assert Certification.objects.get().state == "OPEN", "a longer authority was appended"
        signed(started)
        end = NOON + 60 * DAY
        carried(end - 5 * SECOND)
        followed(end)
        assert Certification.objects.get().state == "OPEN"
        signed(started, end)

        assert list(CertificationSheet.objects.order_by("ordinal").values_list("why", flat=True)) == [
            "started",
            "extended",
            "ended",
        ]
        assert CertificationSheet.objects.filter(certification=row).values("digest").distinct().count() == 3

    def test_an_unsigned_record_is_raised_after_the_time_of_the_guide_every_day(self, started):
        row = Certification.objects.get()
        assert row.due_at == NOON + SECOND + DAY

        assert certifying.remind(certification=row.pk, by=JOBS, now=row.due_at) == row.due_at + DAY
        signed(started)
        assert certifying.remind(certification=row.pk, by=JOBS, now=NOON + 2 * DAY) is None

    def test_who_may_not_know_of_the_case_learns_of_no_record(self, started):
        row, stranger = (
            Certification.objects.get(),
            acting(make.person("Ines Okafor", roles=["switch_technician"])),
        )

        assert queries.certifications(by=stranger, now=NOON, show="all") == ()
        with pytest.raises(NotYours):
            certifying.show(certification=row.pk, by=stranger, now=NOON)


class TestTheBalance:
    def test_a_missing_record_is_raised_and_a_person_opens_it(self, started):
        CertifiedRun.objects.all().delete()
        Certification.objects.all().delete()

        assert certifying.balance(by=JOBS, now=NOON + DAY) == 2
        assert Mismatch.objects.filter(kind="unrecorded", state="OPEN").count() == 2
        certifying.record_now(surveillance=started.surveillance, by=signer(started), now=NOON + DAY)
        assert certifying.balance(by=JOBS, now=NOON + DAY + SECOND) == 0
        assert not Mismatch.objects.filter(kind="unrecorded", state="OPEN").exists()

    def test_a_record_of_what_no_switch_did_is_raised(self, started):
        one = CertifiedRun.objects.first()
        CertifiedRun.objects.create(certification=one.certification, tap=one.tap, generation=99)

        assert certifying.balance(by=JOBS, now=NOON + DAY) == 1
        assert Mismatch.objects.get(kind="unfounded").tap == one.tap

    @pytest.mark.sabotage("47 CFR 1.20004: one record for each interception")
    def test_without_the_record_following_the_balance_is_broken(self, wireless, monkeypatch):  # noqa: F811
        monkeypatch.setattr(certifying.following, "_enter", lambda *a, **k: None)
        found = taps.order().authorize(pen()).activate()
        carried(NOON + SECOND)
        followed(NOON + SECOND)

        assert found.tap.on and certifying.balance(by=JOBS, now=NOON + DAY) == 1


@pytest.mark.both_databases
def test_a_run_stands_in_one_record_whatever_is_done_twice(started):
    from django.db import IntegrityError, transaction

    one = CertifiedRun.objects.first()
    with pytest.raises(IntegrityError), transaction.atomic():
        CertifiedRun.objects.create(certification=one.certification, tap=one.tap, generation=one.generation)


def test_the_order_and_its_extension_are_appended_with_their_hashes(bill):  # noqa: F811
    ada, bo = administrator(), administrator("Bo Farrow")
    case = by_fax(ada)
    sound(case, ada, order=order_said(switches=("training-1",)))
    authority = in_force(case, ada, bo)
    act = surveillance.activate(authority=authority, by=ada, now=NOON)
    surveillance.approve(act=act, by=bo, now=NOON, affirmed_as=bo.name)
    orders.settle(surveillance=surveillance_of(authority), by=JOBS, now=NOON)
    carried(NOON + SECOND)
    followed(NOON + SECOND)

    row = Certification.objects.get()
    view, said = certifying.show(certification=row.pk, by=bo, now=NOON)
    assert said.lacks() == []
    assert said.signer == "Hon. R. Okonkwo, judge" and said.officer == "Det. Dana Ruiz"
    certifying.sign(certification=row.pk, digest=view.digest, name="Bo Farrow", by=bo, now=NOON)
    paper = certifying.print_sheet(certification=row.pk, ordinal=1, by=bo, now=NOON)
    with pikepdf.open(io.BytesIO(paper)) as document:
        (name,) = document.attachments
        assert name.endswith("order.pdf")
        assert document.attachments[name].get_file().read_bytes() == kit.the_scan().content


@pytest.mark.usefixtures("signing")
def test_the_carrier_signs_the_paper_too_and_whoever_changes_it_is_found_out(started, tmp_path):
    row = signed(started)
    by = signer(started)
    paper = certifying.print_sheet(certification=row.pk, ordinal=1, by=by, now=NOON + DAY)
    file, forged = tmp_path / "record.pdf", tmp_path / "forged.pdf"
    file.write_bytes(paper)
    place = paper.index(b"/SignedContentSHA256") + len(b"/SignedContentSHA256 (")
    forged.write_bytes(paper[:place] + b"0000" + paper[place + 4 :])

    said = [
        subprocess.run(["pdfsig", str(each)], capture_output=True, text=True).stdout
        for each in (file, forged)
    ]

    assert "Signature is Valid" in said[0] and "Total document signed" in said[0]
    assert "Signature is Valid" not in said[1]
    (sheet,) = queries.view(row).sheets
    assert len(sheet.carrier) == 64


def test_where_the_carrier_has_no_key_the_employees_signature_stands_without_it(started, settings, tmp_path):
    settings.TECUM_SIGNING_FILE = str(tmp_path / "nowhere.pem")

    row = signed(started)

    assert row.state == "SIGNED" and queries.view(row).sheets[0].carrier == ""


def surveillance_of(authority):
    from tecum.models import Authority

    return Authority.objects.get(pk=authority).surveillance_id


class TestACompromise:
    def test_it_is_on_record_with_whom_it_was_told_and_when(self, started):
        ada = started.at(started.proposer, NOON)
        made = certifying.report(
            kind="compromise", discovered_at=NOON - SECOND, what="A target asked a shop about it.", to_whom="a shop clerk",
            agencies="Marrow County Sheriff", surveillance=started.surveillance, by=ada, now=NOON,
        )  # fmt: skip
        view, said = queries.compromise(report=made, by=ada, now=NOON)
        assert view.state == "OPEN" and said["to_whom"] == "a shop clerk"
        assert certifying.remind_of_compromise(report=made, by=JOBS, now=NOON) is not None

        certifying.tell(
            report=made, told="Det. Dana Ruiz", how="telephone", at=NOON, by=ada, now=NOON + SECOND
        )
        view, said = queries.compromise(report=made, by=ada, now=NOON)
        assert (view.state, view.told_at, said["told"]) == ("TOLD", NOON, "Det. Dana Ruiz")
        assert certifying.remind_of_compromise(report=made, by=JOBS, now=NOON) is None

    def test_it_is_not_told_before_it_was_discovered(self, started):
        ada = started.at(started.proposer, NOON)
        made = certifying.report(
            kind="unlawful",
            discovered_at=NOON,
            what="A task nobody ordered.",
            to_whom="",
            agencies="FBI",
            by=ada,
            now=NOON,
        )

        with pytest.raises(CannotReport, match="after it was discovered"):
            certifying.tell(report=made, told="FBI", how="telephone", at=NOON - DAY, by=ada, now=NOON)
