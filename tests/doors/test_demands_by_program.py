"""`/api/v1/demands` and `/api/v1/productions`: an agency's system acts as its person, where the guide names that channel."""

import base64
import hashlib
import json
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile

from tecum.access.catalogue import PERMISSIONS
from tecum.accounts import operations as accounts
from tecum.accounts import queries as people
from tecum.accounts.rules import PROGRAM
from tecum.agencies import queries as agencies
from tecum.audit import queries as trail
from tecum.demands import queries
from tecum.kernel.actors import Actor
from tecum.models import Download, LegalCase, Notice
from tests import make
from tests.doorways import write_guide
from tests.letters import a_pdf
from tests.make import NOON, ROOT, later
from tests.productions import case as production_case
from tests.productions import signing

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("doors_open")]
__all__ = ["signing"]
SAID = {
    "process": "subpoena", "number": "GJ-114", "issued_on": "2026-09-04", "signed": True, "signed_by": "prosecutor",
    "tasks": [{"number": "(292) 555-0142", "start": "2026-08-19T00:00:00-04:00", "end": "2026-08-29T00:00:00-04:00", "product": "cdr"}],
}  # fmt: skip


@pytest.fixture(autouse=True)
def places(tmp_path: Path, settings):
    settings.MEDIA_ROOT = tmp_path / "files"
    settings.TECUM_EPOCH_KEYS = str(tmp_path / "keys")


@pytest.fixture
def officer():
    return make.officer("Ana Ruiz")


def token_of(officer, **more):
    return accounts.issue_token(by=make.acting(officer), now=NOON, **more).token


class Program:
    """A program with its person's token, at noon."""

    def __init__(self, client, token, at=NOON):
        self.client, self.head, self.at = client, {"Authorization": f"Bearer {token}"}, at

    def get(self, path):
        with time_machine.travel(self.at, tick=False):
            return self.client.get(f"/api/v1/{path}", headers=self.head)

    def post(self, path, said=None, **more):
        with time_machine.travel(self.at, tick=False):
            return self.client.post(
                f"/api/v1/{path}", said or {}, content_type="application/json", headers=self.head, **more
            )

    def delete(self, path):
        with time_machine.travel(self.at, tick=False):
            return self.client.delete(f"/api/v1/{path}", headers=self.head)

    def submit(self, said=SAID, *, key="our-key-0001", papers=(("gj114.pdf", None),)):
        files = [SimpleUploadedFile(name, content or a_pdf()) for name, content in papers]
        with time_machine.travel(self.at, tick=False):
            return self.client.post(
                "/api/v1/demands",
                {"authorisation": said if isinstance(said, str) else json.dumps(said), "documents": files},
                headers={**self.head, "Idempotency-Key": key},
            )


@pytest.fixture
def program(client, officer):
    return Program(client, token_of(officer))


def test_a_program_hands_a_demand_in_sees_how_it_stands_withdraws_it_and_takes_that_back(program, officer):
    answer = program.submit()

    assert answer.status_code == 201, answer.content
    made = answer.json()
    assert made["reference"].startswith("LD-") and made["mailed_to"] == officer.email and made["papers"] == []
    stands = program.get(f"demands/{made['id']}").json()
    assert (stands["state"], stands["status"], stands["desired_status"]) == ("RECEIVED", "AwaitingApproval", "SubmittedToCSP")  # fmt: skip
    (task,) = stands["tasks"]
    assert (task["number"], task["product"], task["desired_status"]) == ("2925550142", "cdr", "Disclosed")
    assert task["start"] == "2026-08-19T04:00:00Z"
    (mine,) = program.get("demands").json()
    assert mine["id"] == made["id"] and "tasks" not in mine

    gone = program.post(f"demands/{made['id']}/withdrawal", {}).json()
    back = program.delete(f"demands/{made['id']}/withdrawal").json()

    assert (gone["state"], gone["status"], gone["desired_status"]) == ("WITHDRAWN", "Cancelled", "Cancelled")
    assert gone["undo_until"] and gone["tasks"][0]["desired_status"] == "Cancelled"
    assert (back["state"], back["tasks"][0]["state"]) == ("RECEIVED", "ASKED")
    assert queries.of_case(case=made["id"], by=Actor.system("tests"), now=NOON).withdrawn_how == ""


def test_the_same_key_is_answered_with_the_same_case_and_another_demand_under_it_is_refused(program):
    first, again = program.submit(), program.submit()

    other = program.submit({**SAID, "number": "GJ-115"})

    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json()["repeated"] and again.json()["id"] == first.json()["id"]
    assert other.status_code == 409 and other.json()["refusal"] == "KeyUsed"
    assert LegalCase.objects.count() == 1 and Notice.objects.filter(message="demand_received").count() == 1


def test_a_program_reads_its_demands_on_from_where_it_was(program):
    cases = [
        program.submit({**SAID, "number": f"GJ-{each}"}, key=f"our-key-000{each}").json()["id"]
        for each in range(3)
    ]

    everything = [each["id"] for each in program.get("demands").json()]
    assert sorted(everything) == sorted(cases)
    assert [each["id"] for each in program.get("demands?start=1").json()] == everything[1:]
    assert program.get("demands?start=3").json() == []
    assert [program.get(f"demands?start={each}").status_code for each in ("-1", "x", "9" * 30)] == [422] * 3


@pytest.mark.parametrize("guide", ["wholesale-portal", "example", "wireless-2003"])
def test_where_the_guide_does_not_name_the_channel_every_door_of_it_is_closed(
    program, officer, guide, settings
):
    made = program.submit().json()["id"]
    settings.TECUM_GUIDE = guide

    answer = program.submit(key="another-key")

    assert answer.status_code == 409 and answer.json()["refusal"] == "DoorShut"
    for path in ("demands", f"demands/{made}", "productions", "productions/x"):
        assert program.get(path).status_code == 404, path
    for path in ("demands/check", f"demands/{made}/withdrawal", "productions/x/downloads"):
        assert program.post(path, SAID if path.endswith("check") else {}).status_code == 404, path
    assert LegalCase.objects.count() == 1


def test_unknown_anothers_and_sealed_to_others_are_one_answer_word_for_word(program, officer, client):
    mine = program.submit().json()["id"]
    stranger = Program(client, token_of(make.officer()))
    colleague = Program(
        client, token_of(make.person(agency=agencies.agency(id=officer.agency, by=ROOT, now=NOON)))
    )

    answers = [
        who.get(f"demands/{case}") for who in (stranger, colleague) for case in (mine, "2" * 26, "%00", "a b")
    ]
    answers += [stranger.post(f"demands/{mine}/withdrawal"), stranger.delete(f"demands/{mine}/withdrawal")]

    assert {each.status_code for each in answers} == {404}
    assert len({each.content for each in answers}) == 1
    assert answers[0]["content-type"] == "application/problem+json"
    assert program.get(f"demands/{mine}").json()["state"] == "RECEIVED"
    refused = [each for each in trail.since(NOON - timedelta(minutes=1)) if each.event == "access.refused"]
    assert len(refused) == 6  # what cannot be an id at all reaches no operation that could refuse it


def test_every_fault_is_a_sentence_at_its_part(program):
    said = {
        **SAID,
        "process": "letter",
        "tasks": [{"number": "292555"}, {"number": "2925550142", "product": "dna"}],
    }

    answer = program.submit(said, papers=[(f"{n}.pdf", None) for n in range(11)])

    assert answer.status_code == 422
    found = answer.json()
    assert found["refusal"] == "CannotSubmit" and {each["part"] for each in found["errors"]} == {"process", "targets", "papers"}  # fmt: skip
    assert not LegalCase.objects.exists()


@pytest.mark.parametrize(
    ("tasks", "words"),
    [
        ([{"number": "2925550142", "start": "2026-08-19T00:00:00"}], "timezone"),
        ([{"number": "2925550142", "start": "2026-08-19T00:00:00Z"}], "both ends"),
        ([{"number": "2925550142", "start": "2026-08-19T00:00:00Z", "end": "2026-08-18T00:00:00Z"}], "before it begins"),
        ([{"number": "2925550142\0"}], "NUL"),
    ],
)  # fmt: skip
def test_a_missing_zone_half_an_interval_and_one_that_runs_backwards_are_refused(program, tasks, words):
    answer = program.submit({**SAID, "tasks": tasks})

    assert answer.status_code == 422 and words in answer.json()["detail"]
    assert not LegalCase.objects.exists()


def test_what_is_no_json_or_has_no_key_or_no_document_is_named(program):
    assert program.submit("{not json").status_code == 422
    assert program.submit(key="short").status_code == 422
    assert "documents" in program.submit(papers=()).json()["detail"]
    assert not LegalCase.objects.exists()


def test_a_locked_pdf_is_kept_and_said(program):
    answer = program.submit(papers=[("locked.pdf", a_pdf(password="secret"))])

    assert answer.status_code == 201
    assert "locked with a password" in answer.json()["papers"][0]


def test_a_demand_is_checked_without_anything_kept(program):
    answer = program.post("demands/check", {"process": "subpoena"})

    found = {each["code"]: each for each in answer.json()}
    assert found["date"]["met"] is False and found["target"]["wording"]
    assert not LegalCase.objects.exists()


def test_without_a_good_token_nobody_is_there(client, officer):
    late = Program(client, token_of(officer), at=later(minutes=60))
    gone = Program(client, token_of(officer))
    accounts.void_token(by=make.acting(officer), now=NOON)

    for answer in (late.get("demands"), gone.get("demands"), Program(client, "made-up").submit()):
        assert answer.status_code == 401 and answer.json()["status"] == 401
        assert answer["www-authenticate"] == "Bearer"


def test_a_token_carries_nothing_of_the_account_and_one_act_that_asks_for_a_second_factor(officer):
    actor = people.actor_of_token(token_of(officer, fetches=True), now=NOON)

    assert actor is not None and actor.permissions <= PROGRAM
    assert {each for each in PROGRAM if each in PERMISSIONS and PERMISSIONS[each].step_up} == {
        "production.fetch"
    }
    assert not {each for each in actor.permissions if each.startswith(("account.", "person."))}


def test_too_many_requests_are_told_to_wait(program, settings):
    settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, "program": "2/m/key"}

    answers = [program.get("demands").status_code for _ in range(3)]

    assert answers == [200, 200, 429]
    assert program.get("demands")["content-type"] == "application/problem+json"


@pytest.fixture
def handed(signing):
    """A production that lies in an officer's account: who that is, and the handing over."""
    found = production_case()
    handover = found.handed()
    return make.again_by_ref(found.officer.ref), handover


def test_a_program_fetches_what_was_handed_to_its_person_and_it_is_counted_as_on_the_page(client, handed):
    officer, handover = handed
    program = Program(client, token_of(officer, fetches=True), at=later(minutes=50))
    (offer,) = program.get("productions").json()

    answer = program.post(f"productions/{offer['id']}/downloads")

    package = b"".join(answer.streaming_content)
    digest = hashlib.sha256(package)
    assert offer["id"] == handover and answer.status_code == 200
    assert answer["tecum-sha256"] == offer["sha256"] == digest.hexdigest()
    assert answer["repr-digest"] == f"sha-256=:{base64.b64encode(digest.digest()).decode()}:"
    assert len(package) == offer["size"] == int(answer["content-length"])
    (download,) = Download.objects.all()
    assert download.by == officer.ref and download.receipt == answer["tecum-receipt"]
    after = program.get(f"productions/{handover}").json()
    assert after["downloads_left"] == offer["downloads_left"] - 1
    assert after["downloads"][0]["receipt"] == download.receipt


def test_a_token_not_taken_for_it_fetches_nothing_and_a_guide_without_it_lets_none_be_taken(
    client, handed, settings, tmp_path
):
    officer, handover = handed
    plain = Program(client, token_of(officer))
    answer = plain.post(f"productions/{handover}/downloads")
    assert answer.status_code == 403 and "second factor" in answer.json()["detail"]
    fetching = Program(client, token_of(officer, fetches=True))

    settings.TECUM_GUIDE = write_guide(tmp_path / "second", fetching=False)

    assert fetching.post(f"productions/{handover}/downloads").status_code == 404
    with pytest.raises(accounts.FetchingShut):
        token_of(officer, fetches=True)
    assert not Download.objects.exists()


def test_another_officers_production_is_not_there_for_a_program(client, handed):
    _, handover = handed
    stranger = Program(client, token_of(make.officer(), fetches=True))

    assert stranger.get("productions").json() == []
    assert stranger.get(f"productions/{handover}").status_code == 404
    assert stranger.post(f"productions/{handover}/downloads").status_code == 404
    assert not Download.objects.exists()
