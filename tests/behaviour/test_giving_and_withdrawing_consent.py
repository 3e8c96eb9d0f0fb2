"""A wholesale customer gives, narrows and withdraws its CPNI consent, and the carrier can prove it."""

from hashlib import sha256

import pytest
from django.db import IntegrityError, connection, transaction

from tecum.access.rules import StepUpNeeded
from tecum.customers import operations as customers
from tecum.customers import queries
from tecum.customers.operations import NoConsent, NotAConsent, consents
from tecum.customers.rules import Paper
from tecum.kernel.actors import Actor
from tecum.kernel.locks import NotInTransaction
from tecum.kernel.refusals import NotYours
from tecum.models import ConsentDocument, Matter, StoredFile, TrailLeaf
from tests import make
from tests.make import NOON, ROOT, acting, later

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases]
NUMBER, OTHER = "2925550142", "2925550177"
OPT_IN = ["cpni_opt_in"]
JOBS = Actor.system("jobs")


def rests_on(asked, *, bases=OPT_IN, now=NOON):
    with transaction.atomic():
        return customers.consents_for_reveal(asked, bases=bases, now=now)


@pytest.fixture
def quillon():
    return make.customer(name="Quillon Voice LLC")


@pytest.fixture
def contact(quillon):
    return acting(make.person("Rhea Quillon", roles=["customer_contact"], customer=quillon.id))


def give(contact, **more):
    given = {"bases": list(make.ALL_BASES), "scope": "all", "now": NOON, **more}
    return customers.give_consent(
        customer=contact.customer, signer_name="Rhea Quillon", signer_title="President", by=contact, **given
    )


@pytest.mark.requirement("R-033")
def test_a_number_of_a_customer_that_never_consented_rests_on_nothing(quillon):
    assert rests_on({NUMBER: quillon.id}) == {}


@pytest.mark.requirement("R-033")
def test_a_consent_given_on_screen_reaches_all_numbers_and_keeps_the_words_agreed_to(quillon, contact):
    given = give(contact)

    found = rests_on({NUMBER: quillon.id})
    words = queries.consent_document(id=given.document, by=contact, now=NOON).content.decode()

    assert found[NUMBER].id == given.id
    assert "Quillon Voice LLC agrees, for every number" in words
    assert "47 CFR 64.2007" in words and "47 USC 222(b)" in words and "18 USC 2702(c)(2)" in words


@pytest.mark.requirement("R-033")
def test_a_consent_for_ranges_reaches_their_numbers_only(quillon, contact):
    give(contact, scope="ranges", ranges=[("(292) 555-0140", "292-555-0149")])

    assert set(rests_on({NUMBER: quillon.id, OTHER: quillon.id})) == {NUMBER}


def test_a_consent_for_an_account_reaches_the_numbers_listed_under_its_name(quillon, contact):
    given = give(contact, scope="account", account="Retail 7", ranges=[(NUMBER, NUMBER)])

    assert given.account == "Retail 7"
    assert set(rests_on({NUMBER: quillon.id, OTHER: quillon.id})) == {NUMBER}


@pytest.mark.requirement("R-033")
def test_a_basis_that_the_guide_asks_for_and_the_customer_did_not_give_makes_a_non_result(quillon, contact):
    give(contact, bases=OPT_IN)

    assert set(rests_on({NUMBER: quillon.id})) == {NUMBER}
    assert rests_on({NUMBER: quillon.id}, bases=["cpni_opt_in", "stored_records"]) == {}


def test_a_consent_limited_in_time_ends_by_itself(quillon, contact):
    give(contact, good_until=later(hours=1))

    assert set(rests_on({NUMBER: quillon.id}, now=later(minutes=59))) == {NUMBER}
    assert rests_on({NUMBER: quillon.id}, now=later(hours=1)) == {}


@pytest.mark.requirement("R-034")
def test_a_withdrawn_consent_is_as_if_there_had_been_none_and_stays_as_evidence(quillon, contact):
    give(contact)

    customers.withdraw_consent(customer=quillon.id, by=contact, now=later(minutes=9))

    assert rests_on({NUMBER: quillon.id}) == {}
    [kept] = queries.consent_history(customer=quillon.id, by=contact, now=NOON)
    assert (kept.state, kept.ended_at, kept.ended_by) == ("WITHDRAWN", later(minutes=9), contact.ref)


def test_withdrawing_needs_no_second_factor_because_restriction_never_waits(quillon, contact):
    give(contact)
    yesterday = acting(make.again_by_ref(contact.ref), stepped_up_at=None)

    customers.withdraw_consent(customer=quillon.id, by=yesterday, now=NOON)

    with pytest.raises(StepUpNeeded):
        give(yesterday)


def test_narrowing_needs_no_second_factor_and_widening_does(quillon, contact):
    give(contact)
    yesterday = acting(make.again_by_ref(contact.ref), stepped_up_at=None)

    narrow = give(yesterday, scope="ranges", ranges=[(NUMBER, OTHER)])

    assert narrow.version == 2
    with pytest.raises(StepUpNeeded):
        give(yesterday, scope="ranges", ranges=[(NUMBER, "2925550199")])
    with pytest.raises(StepUpNeeded):
        give(yesterday)


def test_a_new_version_replaces_the_one_before(quillon, contact):
    give(contact)
    give(contact, bases=OPT_IN)

    newest, oldest = queries.consent_history(customer=quillon.id, by=contact, now=NOON)

    assert (oldest.state, newest.state, newest.version) == ("REPLACED", "IN_FORCE", 2)


def test_there_is_nothing_to_withdraw_without_a_consent(quillon, contact):
    with pytest.raises(NoConsent):
        customers.withdraw_consent(customer=quillon.id, by=contact, now=NOON)


def test_one_customer_cannot_touch_or_see_anothers_consent(quillon, contact):
    other = make.customer()
    make.consent(other.id)

    with pytest.raises(NotYours):
        customers.withdraw_consent(customer=other.id, by=contact, now=NOON)
    with pytest.raises(NotYours):
        queries.consent_history(customer=other.id, by=contact, now=NOON)
    assert set(rests_on({NUMBER: other.id})) == {NUMBER}


def test_an_officer_cannot_see_who_consented(quillon):
    officer = acting(make.officer())

    with pytest.raises(NotYours):
        queries.consent_in_force(customer=quillon.id, by=officer, now=NOON)
    with pytest.raises(NotYours):
        queries.campaign(by=officer, now=NOON)


def test_the_administrator_records_a_paper_consent_only_with_the_paper(quillon):
    administrator = acting(make.person(roles=["portal_administrator"]))
    given = {
        "customer": quillon.id,
        "bases": OPT_IN,
        "scope": "all",
        "signer_name": "R. Quillon",
        "signer_title": "President",
        "medium": "written",
        "by": administrator,
        "now": NOON,
    }

    with pytest.raises(NotAConsent, match="needs its document"):
        customers.give_consent(**given)
    kept = customers.give_consent(**given, paper=Paper("c.pdf", "application/pdf", b"%PDF signed"))

    assert kept.medium == "written" and len(kept.document_sha256) == 64


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"bases": []}, "at least one basis"),
        ({"bases": ["goodwill"]}, "Not known"),
        ({"scope": "ranges"}, "List the numbers"),
        ({"scope": "account", "ranges": [(NUMBER, NUMBER)]}, "Name the account"),
        ({"scope": "ranges", "ranges": [(OTHER, NUMBER)]}, "backwards"),
        ({"scope": "ranges", "ranges": [("O92", NUMBER)]}, "range of numbers"),
        ({"good_until": NOON}, "before it begins"),
        ({"medium": "telepathy"}, "electronic, written or oral"),
    ],
)
def test_what_cannot_be_a_consent_is_refused_with_a_sentence(contact, wrong, sentence):
    with pytest.raises(NotAConsent, match=sentence):
        give(contact, **wrong)


def test_a_reveal_without_a_transaction_is_refused_because_nothing_would_hold_the_consent(quillon):
    with pytest.raises(NotInTransaction):
        customers.consents_for_reveal({NUMBER: quillon.id}, bases=OPT_IN, now=NOON)


@pytest.mark.requirement("R-034")
def test_the_same_questions_are_put_whoever_the_number_belongs_to(
    quillon, contact, django_assert_num_queries
):
    give(contact, scope="ranges", ranges=[(NUMBER, NUMBER)])
    stranger = make.customer()

    for asked in ({}, {NUMBER: quillon.id}, {NUMBER: stranger.id}, {OTHER: quillon.id}, {NUMBER: "C-nobody"}):
        with transaction.atomic(), django_assert_num_queries(2 if connection.vendor == "sqlite" else 3):
            customers.consents_for_reveal(asked, bases=OPT_IN, now=NOON)


@pytest.mark.requirement("R-035")
def test_the_campaign_says_where_each_customer_stands_and_who_is_due(quillon, contact):
    silent, asked, declined = make.customer(), make.customer(), make.customer()
    give(contact)
    customers.note_campaign(customer=asked.id, step="asked", by=ROOT, now=NOON)
    customers.note_campaign(customer=declined.id, step="asked", by=ROOT, now=NOON)
    customers.note_campaign(customer=declined.id, step="declined", by=ROOT, now=later(hours=1))

    rows = {row.customer: row for row in queries.campaign(by=ROOT, now=NOON)}

    assert {id: rows[id].state.value for id in rows} == {
        quillon.id: "consented",
        silent.id: "not asked",
        asked.id: "asked",
        declined.id: "declined",
    }
    assert rows[asked.id].due(later(hours=24 * 30).date()) and not rows[asked.id].due(NOON.date())
    assert rows[declined.id].remind_at is None


def raw_bytes() -> bytes:
    """Return everything that the table of documents holds, as the database file has it."""
    rows = ConsentDocument.objects.values_list("content", flat=True)
    return b"".join(bytes(each) for each in rows if each is not None)


def test_what_proves_a_consent_lies_sealed_on_the_disk_and_not_in_the_database(quillon, contact):
    given = give(contact)

    row = ConsentDocument.objects.get(pk=given.document)
    file = StoredFile.objects.get(pk=row.file)
    on_disk = b"".join(consents.stored._folder().pieces(file.address))

    assert raw_bytes() == b""
    assert file.sha256 == given.document_sha256
    assert b"Quillon" not in on_disk
    assert Matter.objects.get(pk=file.matter).epoch.kind == "consents"


def old_document(given, words: bytes = b"We agree. Rhea Quillon") -> str:
    """Put a document back to how it lay before files were sealed."""
    fields = {"content": words, "file": "", "sha256": sha256(words).hexdigest()}
    ConsentDocument.objects.filter(pk=given.document).update(**fields)
    return given.document


def test_a_document_from_before_is_read_sealed_by_the_jobs_and_read_again(quillon, contact):
    document = old_document(give(contact))
    before = queries.consent_document(id=document, by=contact, now=NOON).content
    assert b"Rhea" in raw_bytes()

    sealed = [customers.seal_documents(by=JOBS, now=NOON) for _ in range(2)]

    assert sealed == [1, 0]
    assert raw_bytes() == b""
    assert queries.consent_document(id=document, by=contact, now=NOON).content == before
    assert TrailLeaf.objects.filter(event="consent.document_sealed").count() == 1


def test_two_jobs_that_seal_one_document_leave_one_sealed_document(quillon, contact, monkeypatch):
    document = old_document(give(contact))
    real = consents.stored.put

    def overtaken(content, *, matter):
        kept = real(content, matter=matter)
        monkeypatch.setattr(consents.stored, "put", real)
        assert customers.seal_documents(by=JOBS, now=NOON) == 1  # the other is quicker
        return kept

    monkeypatch.setattr(consents.stored, "put", overtaken)

    assert customers.seal_documents(by=JOBS, now=NOON) == 0
    assert b"Rhea" in queries.consent_document(id=document, by=contact, now=NOON).content


@pytest.mark.sabotage("control 13: sealed at rest")
def test_the_database_itself_refuses_a_document_that_is_neither_sealed_nor_there(quillon, contact):
    given = give(contact)

    with pytest.raises(IntegrityError), transaction.atomic():
        ConsentDocument.objects.filter(pk=given.document).update(content=b"open again")
