"""The application for portal access (R-055, decision A5), made from the guide."""

from collections.abc import Mapping

from tecum.documents.forms.fields import Field, Form, Section
from tecum.guide.model.guide import Guide

COUNTRIES = {"US": "United States", "CA": "Canada"}
WORDS = {"psap": "Public safety answering point"}


def application(guide: Guide, *, subdivisions: Mapping[str, Mapping[str, str]]) -> Form:
    """Return the form; `subdivisions` are the states and provinces of each country by their two letters."""
    document = next((each for each in guide.documents if each.id == "application"), None)
    box = guide.mailbox("portal")
    line = box.subject_lines.get("application") or box.subject_line
    supervisor = (_supervisor(),) if guide.lookup.eligibility.supervisor else ()
    return Form(
        id="application",
        title=document.title if document else "Application for portal access",
        carrier=guide.carrier.name,
        version=guide.version,
        intro=(
            f"Type into every field; do not print and scan. Send this file from your own agency e-mail address to "
            f"{box.address}, with the subject “{line}”, your supervisor on CC, and your credentials (image or scan of an "
            f"ID, badge or business card) as a second file."
        ),
        sections=(
            _applicant(guide),
            _agency(guide, subdivisions),
            *supervisor,
            _declarations(guide),
            _signature(guide),
        ),
    )


def _applicant(guide: Guide) -> Section:
    roles = tuple((role, worded(role)) for role in guide.lookup.eligibility.roles)
    return Section(
        "Applicant",
        (
            Field("applicant_name", "Legal name"),
            Field("applicant_title", "Title or rank"),
            Field("applicant_role", "Job role", "choice", choices=roles),
            Field("applicant_badge", "Badge or ID number", longest=40),
            Field("applicant_email", "Agency e-mail address", hint="The address you send this form from"),
            Field("applicant_phone", "Desk telephone", longest=40),
            Field("applicant_mobile", "Mobile telephone", required=False, hint="Optional", longest=40),
        ),
    )


def _agency(guide: Guide, subdivisions: Mapping[str, Mapping[str, str]]) -> Section:
    eligible = guide.lookup.eligibility
    countries = eligible.countries or tuple(COUNTRIES)
    places = tuple(
        (code, f"{name} ({code})")
        for country in countries
        for code, name in subdivisions.get(country, {}).items()
    )
    return Section(
        "Agency",
        (
            Field("agency_name", "Legal name of the agency", wide=True),
            Field(
                "agency_type",
                "Kind of agency",
                "choice",
                choices=tuple((kind, worded(kind)) for kind in eligible.agency_types),
            ),
            Field(
                "agency_country",
                "Country",
                "choice",
                choices=tuple((code, COUNTRIES.get(code, code)) for code in countries),
            ),
            Field("agency_subdivision", "State or province", "choice", choices=places),
            Field("agency_switchboard", "Main switchboard number", longest=40),
            Field("agency_address", "Street address", wide=True, longest=300),
            Field("agency_ori", "ORI", required=False, hint="Optional", longest=9),
        ),
    )


def _supervisor() -> Section:
    return Section(
        "Supervising officer or agent",
        (
            Field("supervisor_name", "Name"),
            Field("supervisor_title", "Title or rank"),
            Field("supervisor_email", "E-mail address", hint="Put this address on CC of your message"),
            Field("supervisor_phone", "Telephone", longest=40),
        ),
    )


def _declarations(guide: Guide) -> Section:
    names = guide.lookup.eligibility.attestations
    return Section(
        "Declarations", tuple(Field(name, guide.say(name).body.strip(), "tick", wide=True) for name in names)
    )


def _signature(guide: Guide) -> Section:
    hint = "A word or two of your choice. Our first message after acceptance will quote it, so that you know it is ours"
    return Section(
        "Signature",
        (
            Field("code_word", "Code word", hint=hint, wide=True, longest=40),
            Field("signature", "Typed signature"),
            Field("signed_on", "Date", "date", hint="Year-month-day, as 2026-09-08", longest=10),
            Field("form_version", "Version of this form", "fixed", required=False, value=guide.version),
        ),
    )


def worded(word: str) -> str:
    """Return a word of the guide's vocabulary as people read it."""
    return WORDS.get(word, word.replace("_", " ").capitalize())
