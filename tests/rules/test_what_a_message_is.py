"""What becomes of a message, by the mailbox it came to and by what it says (R-040 to R-069, A4)."""

from pathlib import Path

import pytest

from tecum.guide.loading import find, load_all
from tecum.guide.model.mail import Mail
from tecum.inbox import rules
from tecum.inbox.facts import Address, Facts, Part
from tecum.inbox.rules import Known
from tecum.inbox.states import MessageClass

GUIDES = Path(__file__).resolve().parents[2] / "guides"
BOXES = load_all(find("wholesale-portal", GUIDES))[-1].mailboxes
OFFICER = Address("ruiz@police.marrow.example.gov", "Detective Ruiz")
LAWYER = Address("esq@lawfirm.example", "")
PDF = Part("2", "process.pdf", "application/pdf", "application/pdf", 9, "0" * 64, attached=True)
FORM = Part(
    "2", "form.pdf", "application/pdf", "application/pdf", 9, "0" * 64, attached=True, signs=("form",),
    fields=(("applicant_name", "Ana Ruiz"), ("supervisor_email", "chief@police.marrow.example.gov")),
)  # fmt: skip


def judge(box="portal", subject="", text="", *, sender=OFFICER, parts=(), signs=(), known=None, **more):
    boxes = (box,) if isinstance(box, str) else box
    facts = Facts(subject=subject, text=text, senders=(sender,), parts=parts, signs=signs, **more)
    return rules.classify(
        facts, boxes=BOXES, delivered=boxes, known=known or Known(return_path=sender.address), mail=Mail()
    )


@pytest.mark.parametrize(
    ("box", "subject", "text", "klass", "belongs"),
    [
        ("portal", "Application Attached for Law Portal Access", "", MessageClass.APPLICATION, "portal"),
        ("portal", "RE: [EXTERNAL] application  attached for LAW portal access", "", MessageClass.APPLICATION, "portal"),
        ("portal", "SUPPORT NEEDED", "My link has expired", MessageClass.SUPPORT, "portal"),
        ("portal", "Fw: support needed - locked out", "subpoena", MessageClass.SUPPORT, "portal"),
        ("portal", "Question", "The activation link expired, please send a new link", MessageClass.SUPPORT, "portal"),
        ("requests", "Subpoena 2026-114", "see attached", MessageClass.LEGAL_DEMAND, "requests"),
        ("requests", "", "", MessageClass.LEGAL_DEMAND, "requests"),
        ("requests", "Civil subpoena", "We represent the plaintiff", MessageClass.LEGAL_DEMAND, "requests"),
        ("status", "LD-7Q2M-40VX", "please withdraw the subpoena", MessageClass.STATUS, "status"),
        ("status", "Any update?", "", MessageClass.STATUS, "status"),
        ("requests", "Re: LD-7Q2M-40VX", "the corrected page is attached", MessageClass.CASE_REPLY, "requests"),
        ("portal", "Re: LD-7Q2M-40VX", "the corrected page is attached", MessageClass.CASE_REPLY, "portal"),
    ],
)  # fmt: skip
@pytest.mark.requirement("R-041", "R-043", "R-046", "R-048", "R-068")
def test_a_message_at_its_own_mailbox_is_what_it_says(box, subject, text, klass, belongs):
    verdict = judge(box, subject, text)

    assert (verdict.klass, verdict.belongs_to) == (klass, belongs)


@pytest.mark.parametrize(
    ("box", "subject", "text", "meant", "belongs"),
    [
        ("portal", "Subpoena", "grand jury subpoena attached", MessageClass.LEGAL_DEMAND, "requests"),
        ("portal", "LD-7Q2M-40VX", "we withdraw the subpoena", MessageClass.STATUS, "status"),
        ("requests", "Application Attached for Law Portal Access", "", MessageClass.APPLICATION, "portal"),
        ("requests", "SUPPORT NEEDED", "", MessageClass.SUPPORT, "portal"),
        ("requests", "LD-7Q2M-40VX", "withdraw, no longer needed", MessageClass.STATUS, "status"),
        ("activation", "Re: your account", "thank you, my link has expired", MessageClass.SUPPORT, "portal"),
        ("activation", "Subpoena", "grand jury subpoena attached", MessageClass.LEGAL_DEMAND, "requests"),
        ("activation", "thanks", "", None, "portal"),
        ("", "Subpoena", "attached", MessageClass.LEGAL_DEMAND, "requests"),
        ("", "SUPPORT NEEDED", "", MessageClass.SUPPORT, "portal"),
    ],
)
@pytest.mark.requirement("R-040", "R-062", "R-063", "R-069")
def test_a_message_at_another_mailbox_is_misdirected_and_says_where_it_belongs(
    box, subject, text, meant, belongs
):
    verdict = judge(box, subject, text)

    assert verdict.klass is MessageClass.MISDIRECTED
    assert (verdict.meant, verdict.belongs_to) == (meant, belongs)


def test_a_demand_at_the_status_mailbox_is_one_when_it_brings_process_and_names_no_case():
    assert judge("status", "Search warrant", "attached", parts=(PDF,)).meant is MessageClass.LEGAL_DEMAND
    assert (
        judge("status", "Search warrant LD-7Q2M-40VX", "attached", parts=(PDF,)).klass is MessageClass.STATUS
    )


def test_a_message_sent_to_two_mailboxes_is_at_home_in_one_of_them():
    verdict = judge(("portal", "requests"), "Subpoena", "attached", parts=(PDF,))

    assert (verdict.klass, verdict.belongs_to) == (MessageClass.LEGAL_DEMAND, "requests")


def test_the_application_form_is_an_application_under_any_subject():
    assert judge("portal", "hello", parts=(FORM,)).reason == "application_form"
    assert (
        judge("portal", "hello", "Here is my application for portal access", parts=(PDF,)).reason
        == "application_words"
    )


@pytest.mark.requirement("R-003")
@pytest.mark.parametrize(
    "text",
    [
        "We represent the plaintiff in this matter.",
        "Civil subpoena enclosed.",
        "My client, through our Law Offices, asks",
        "deposition of the plaintiff",
    ],
)
def test_a_civil_party_at_the_portal_mailbox_waits_silently_for_a_person(text):
    verdict = judge("portal", "Request", text, sender=LAWYER)

    assert verdict.klass is None
    assert verdict.proposed is MessageClass.CIVIL


def test_a_civil_party_at_the_address_that_only_sends_gets_no_answer_either():
    assert judge("activation", "Civil subpoena", sender=LAWYER).proposed is MessageClass.CIVIL


@pytest.mark.parametrize(
    ("sender", "text"),
    [
        (Address("ada@prosecutor.marrow.example"), "Assistant Prosecuting Attorney. The defendant's deposition and the plaintiff"),
        (Address("aag@oag.state.oh.us"), "civil investigative demand; plaintiff State of Ohio, deposition"),
        (Address("a@justice.gov"), "Civil Enforcement: plaintiff United States, deposition"),
        (OFFICER, "the district attorney represents the plaintiff and takes a deposition"),
    ],
)  # fmt: skip
def test_government_attorneys_and_civil_enforcement_are_not_civil_parties(sender, text):
    assert judge("portal", "Question", text, sender=sender).proposed is None


def test_what_nobody_can_classify_waits_at_the_portal_and_opens_a_case_at_the_demands_mailbox():
    assert judge("portal", "hi", "good morning").klass is None
    assert judge("requests", "hi", "good morning").klass is MessageClass.LEGAL_DEMAND


def test_sealed_mail_at_the_portal_waits_and_says_why():
    assert judge("portal", "hi", signs=("opaque",)).reason == "sealed_mail"


@pytest.mark.parametrize("sign", ["two_from", "several_from", "no_from", "too_deep", "too_many_parts"])
def test_whoever_cannot_be_named_or_read_is_held_with_the_reason(sign):
    verdict = judge("requests", "Subpoena", signs=(sign,))

    assert (verdict.klass, verdict.reason) == (MessageClass.QUARANTINED, sign)


@pytest.mark.parametrize("sign", ["program", "virus", "bomb"])
def test_a_dangerous_file_is_held_whatever_the_mail_says(sign):
    part = Part(
        "2", "x", "application/pdf", "application/x-msdownload", 9, "0" * 64, attached=True, signs=(sign,)
    )

    assert judge("requests", "Subpoena", parts=(part,)).reason == sign


@pytest.mark.parametrize(
    ("more", "known", "reason"),
    [
        ({"auto_submitted": "auto-replied"}, None, "automatic_answer"),
        ({"auto_submitted": "auto-replied; owner=x"}, None, "automatic_answer"),
        ({"subject": "Automatic reply: Your Legal Demand"}, None, "automatic_answer"),
        ({"subject": "Out of office"}, None, "automatic_answer"),
        ({"auto_submitted": "auto-generated"}, None, "automatic_mail"),
        ({"precedence": "bulk"}, None, "automatic_mail"),
        ({"mailing_list": True}, None, "automatic_mail"),
        ({}, Known(return_path=""), "automatic_mail"),
        ({"signs": ("report",)}, Known(return_path=""), "delivery_report"),
        ({}, Known(own=frozenset({OFFICER.address}), return_path="x@y.example"), "own_address"),
    ],
)
def test_what_programs_send_is_automatic(more, known, reason):
    verdict = judge("portal", **{"subject": "hello", **more}, known=known)

    assert (verdict.klass, verdict.reason) == (MessageClass.AUTOMATIC, reason)


@pytest.mark.requirement("R-041")
def test_process_that_a_case_system_sends_by_itself_is_still_a_demand():
    verdict = judge(
        "requests", "Subpoena", auto_submitted="auto-generated", parts=(PDF,), known=Known(return_path="")
    )

    assert verdict.klass is MessageClass.LEGAL_DEMAND


def test_words_of_an_emergency_mark_a_message_wherever_it_came():
    assert judge("portal", "EXIGENT: kidnapped child", "").urgent
    assert judge("requests", "Request", "there is an imminent danger of death").urgent
    assert not judge("requests", "Subpoena", "please answer by 4 May").urgent


def test_a_storm_goes_to_the_slow_lane_even_when_it_shouts_and_the_emergency_box_never_does():
    assert rules.lane(b"Subject: subpoena\r\n", recent=0, urgent_box=False, mail=Mail()) == "mail"
    assert rules.lane(b"Subject: EXIGENT\r\n", recent=3, urgent_box=False, mail=Mail()) == "mail-urgent"
    assert (
        rules.lane(b"Subject: EXIGENT\r\n", recent=Mail().storm, urgent_box=False, mail=Mail()) == "mail-bulk"
    )
    assert rules.lane(b"Subject: x\r\n", recent=500, urgent_box=True, mail=Mail()) == "mail-urgent"


def test_every_reason_has_its_sentence():
    import re as regex
    from pathlib import Path as File

    from tecum.inbox.vocabulary import REASONS

    source = File(rules.__file__).read_text()
    used = set(regex.findall(r'"([a-z]+_[a-z_]+)"', source)) & set(REASONS)

    assert {"civil_words", "other_mailbox", "demand_words"} <= used
    assert all(sentence.endswith(".") for sentence in REASONS.values())
