"""Each of the six rules of an application (R-047 to R-053), kept and broken, and what else is looked at."""

from dataclasses import replace

import pytest

from tecum.vetting import rules
from tecum.vetting.facts import DirectoryFacts, FileFacts, FormValues, KnownAgency
from tecum.vetting.rules import Case
from tecum.vetting.states import SIX, Check
from tests.applications import BADGE, CHIEF, FORM, KNOWN, MAIL, RUIZ, guide, mail, typed

GUIDE = guide()


def case(**changes: object) -> Case:
    given = {"mail": MAIL, "form": typed(), "directory": KNOWN, "guide": GUIDE, **changes}
    return Case(**given)  # type: ignore[arg-type]


def broken(of: Case) -> set[Check]:
    return {answer.check for answer in rules.examined(of) if not answer.met}


@pytest.mark.requirement("R-047")
def test_an_application_as_asked_meets_every_check_and_each_is_answered():
    answers = rules.examined(case())

    assert [answer.check for answer in answers] == list(Check)
    assert all(answer.met for answer in answers)
    assert rules.missing(answers) == []


@pytest.mark.requirement("R-048")
@pytest.mark.parametrize(
    "subject",
    [
        "Application for portal access",
        "RE: application  FOR portal access",
        "Fwd: Application for Portal Access - Ruiz",
    ],
)
def test_the_subject_line_is_read_as_people_write_it(subject):
    assert broken(case(mail=mail(subject=subject))) == set()


@pytest.mark.requirement("R-048")
@pytest.mark.parametrize("subject", ["", "Hello", "Application", "Support needed"])
def test_another_subject_line_is_said_with_the_one_that_is_asked(subject):
    (answer,) = [each for each in rules.examined(case(mail=mail(subject=subject))) if not each.met]

    assert answer.sentence == "The subject line should read “Application for portal access”."


@pytest.mark.requirement("R-048")
def test_the_wholesale_portals_own_subject_line():
    wholesale = guide("wholesale-portal")

    assert Check.SUBJECT in broken(case(guide=wholesale))
    assert (
        broken(case(guide=wholesale, mail=mail(subject="Application Attached for Law Portal Access")))
        == set()
    )


@pytest.mark.requirement("R-049")
def test_two_applications_in_one_message_and_a_forwarded_one():
    assert broken(case(mail=mail(files=(FORM, replace(FORM, number="4"), BADGE)))) == {Check.ALONE}
    assert broken(case(mail=mail(forwarded=True))) == {Check.ALONE}


@pytest.mark.requirement("R-050")
@pytest.mark.parametrize(
    "sender",
    [
        "colleague@agency1.example.gov",
        "scanner3@agency1.example.gov",
        "xerox-2nd-floor@agency1.example.gov",
        "marisol@home.example",
    ],
)
def test_a_colleagues_a_scanners_or_a_private_address(sender):
    assert broken(case(mail=mail(senders=(sender,)))) == {Check.SENDER}


@pytest.mark.requirement("R-050")
@pytest.mark.parametrize("senders", [(), (RUIZ, CHIEF)])
def test_no_sender_or_two(senders):
    assert broken(case(mail=mail(senders=senders))) == {Check.SENDER}


@pytest.mark.requirement("R-051", "R-010")
def test_a_supervisor_who_was_not_copied_or_is_the_applicant():
    assert broken(case(mail=mail(cc=()))) == {Check.SUPERVISOR}
    assert broken(case(mail=mail(cc=("other@agency1.example.gov",)))) == {Check.SUPERVISOR}
    assert broken(case(form=typed(supervisor_email=RUIZ))) == {Check.SUPERVISOR}


@pytest.mark.requirement("R-052")
@pytest.mark.parametrize("field", sorted(rules.REQUIRED))
def test_every_field_is_asked_and_the_empty_one_is_named(field):
    answers = rules.examined(case(form=typed(**{field: "  "})))

    (answer,) = [each for each in answers if each.check is Check.FORM]
    assert not answer.met
    assert rules.REQUIRED[field] in answer.sentence


@pytest.mark.requirement("R-052")
@pytest.mark.parametrize(
    ("files", "says"),
    [
        ((BADGE,), "not attached as the fillable PDF"),
        ((replace(BADGE, name="scan.jpg"), replace(BADGE, number="4")), "printed, scanned or flattened"),
        (
            (FileFacts("2", "scan.pdf", "pdf", "application/pdf", 1, 2), BADGE),
            "printed, scanned or flattened",
        ),
        (
            (FileFacts("2", "a.pdf", "pdf", "application/pdf", 1, 0, locked=True), BADGE),
            "locked by a password",
        ),
        ((replace(FORM, locked=True), BADGE), "locked by a password"),
        ((), "not attached as the fillable PDF"),
    ],
)
def test_a_form_on_paper_locked_or_missing(files, says):
    answers = rules.examined(case(mail=mail(files=files)))

    assert says in next(each.sentence for each in answers if each.check is Check.FORM)


@pytest.mark.requirement("R-053")
def test_credentials_are_a_second_file():
    assert broken(case(mail=mail(files=(FORM,)))) == {Check.CREDENTIALS}
    assert broken(case(mail=mail(files=(FORM, FileFacts("3", "card.zip", "other"))))) == {Check.CREDENTIALS}
    assert broken(case(mail=mail(files=(FORM, FileFacts("3", "card.pdf", "pdf", pages=1))))) == set()


@pytest.mark.requirement("R-001", "R-004")
def test_an_agency_of_another_country_is_ineligible_and_told_the_rule():
    answers = rules.examined(case(form=typed(agency_country="FR", agency_subdivision="75")))

    assert rules.ineligible(answers) == [
        "applications are accepted only from agencies based in the United States and Canada"
    ]


@pytest.mark.requirement("R-008")
def test_a_role_that_the_guide_does_not_name():
    assert broken(case(form=typed(applicant_role="contractor"))) == {Check.ELIGIBLE}
    for role in ("officer", "agent", "investigator", "attorney", "support_staff"):
        assert broken(case(form=typed(applicant_role=role))) == set()


@pytest.mark.requirement("R-006", "R-007", "R-009")
@pytest.mark.parametrize(
    "name", ["attest_responsibilities", "attest_individual", "attest_purpose", "attest_terms"]
)
def test_a_declaration_that_was_not_ticked_is_named(name):
    for empty in ("", "Off", "no"):
        answers = rules.examined(case(form=typed(**{name: empty})))
        assert {each.check for each in answers if not each.met} == {Check.ATTESTED}
        assert name.removeprefix("attest_") in rules.missing(answers)[0]


def test_a_domain_never_seen_before_wants_a_second_person():
    answers = rules.examined(case(directory=replace(KNOWN, agencies=(), supervisors_agencies=())))

    assert "a second person" in next(each.sentence for each in answers if each.check is Check.DOMAIN)
    assert rules.missing(answers) == [], "which is not the applicant's fault"


def test_a_suspended_agencys_domain_does_not_count():
    bad = KnownAgency("sheriff", "Marrow County Sheriff", "US", in_good_standing=False)

    assert broken(case(directory=replace(KNOWN, agencies=(bad,)))) == {Check.DOMAIN}


@pytest.mark.parametrize(
    "domain",
    [
        "rnarrowcounty.gov", "marrowc0unty.gov", "marrow-county.gov", "marrowcounty.com", "marrowcounty.org", "marowcounty.gov",
        "marrowcuonty.gov", "marrowcountyy.gov", "marrowcounty.gov.mail.example", "marrowcounty.gov-portal.example",
        "marrowcounty-gov.example", "mail.rnarrowcounty.gov",
    ],
)  # fmt: skip
def test_a_domain_that_can_be_taken_for_a_verified_one(domain):
    assert rules.looks_like(domain, KNOWN.domains) == "marrowcounty.gov"


@pytest.mark.parametrize(
    "domain",
    ["marrowcounty.gov", "detectives.marrowcounty.gov", "agency1.example.gov", "narrowcreek.gov", "ohio.gov"],
)
def test_the_verified_domain_itself_and_strangers_are_no_look_alikes(domain):
    assert rules.looks_like(domain, KNOWN.domains) == ""


def test_a_free_mail_service_is_no_agency():
    answers = rules.examined(
        case(
            form=typed(applicant_email="ruiz@gmail.com"),
            mail=mail(senders=("ruiz@gmail.com",)),
            directory=DirectoryFacts(),
        )
    )

    assert any("gmail.com" in sentence for sentence in rules.ineligible(answers))


def test_a_supervisor_of_another_house_is_noticed():
    other = typed(supervisor_email="chief@elsewhere.example.org")
    facts = replace(KNOWN, supervisors_agencies=())

    assert Check.SUPERVISORS_AGENCY in broken(
        case(form=other, directory=facts, mail=mail(cc=("chief@elsewhere.example.org",)))
    )


@pytest.mark.requirement("R-005")
def test_somebody_who_has_an_account_or_an_open_application():
    assert broken(case(directory=replace(KNOWN, has_account=True))) == {Check.ACCOUNT}
    assert broken(case(directory=replace(KNOWN, open_application="AP-1"))) == {Check.ACCOUNT}


@pytest.mark.parametrize("verdict", ["unaligned", "failed", "none"])
def test_a_sender_that_is_not_proven_is_a_warning_and_not_the_applicants_fault(verdict):
    answers = rules.examined(case(mail=mail(proven=verdict)))

    assert {each.check for each in answers if not each.met} == {Check.PROVEN}
    assert rules.missing(answers) == []


def test_an_empty_message_is_answered_in_full_and_raises_nothing():
    nothing = case(
        mail=mail(subject="", senders=(), cc=(), to=(), files=()),
        form=FormValues(),
        directory=DirectoryFacts(),
    )

    answers = rules.examined(nothing)

    assert {each.check for each in answers if not each.met} >= {
        check for check in SIX if check is not Check.ALONE
    }


def test_the_act_of_two_people_changes_with_anything_in_it():
    one = rules.act(typed(), agency="sheriff", new_agency=False)

    assert one == rules.act(typed(), agency="sheriff", new_agency=False)
    assert one != rules.act(typed(applicant_name="Other"), agency="sheriff", new_agency=False)
    assert one != rules.act(typed(), agency="police", new_agency=False)
    assert one != rules.act(typed(), agency="sheriff", new_agency=True)
