"""The words for the codes of a guide, as a public page says them. An unknown code is said as it is written."""

from collections.abc import Sequence

from tecum.guide.values import Span

COUNTRIES = {"US": "the United States", "CA": "Canada", "MX": "Mexico", "GB": "the United Kingdom"}
ROLES = {
    "officer": "officers",
    "agent": "agents",
    "investigator": "investigators",
    "attorney": "attorneys",
    "support_staff": "support staff",
}
PARTIES = {"civil_litigant": "Civil litigants", "civil_counsel": "counsel of civil litigants"}
SHOWN = {
    "customer_name": "legal name",
    "address": "business address",
    "contact_person": "contact person",
    "phone": "telephone number",
    "email": "e\N{NON-BREAKING HYPHEN}mail address",
    "website": "web site",
    "customer_id": "customer number",
    "line_type": "type of line",
}
UNITS = {
    "distinct_numbers": "different numbers",
    "submissions": "submissions",
    "queries": "queries",
}
WINDOWS = {
    "calendar_day": "per day",
    "rolling_24h": "in any 24 hours",
    "session": "per session",
    "calendar_week": "per week",
    "calendar_month": "per month",
}
RECORDS = {
    "lookups": "Look-ups: who asked which number, when, for which case",
    "disclosures": "Disclosures: which answer was shown to whom",
    "consents": "Consents of our customers",
    "credentials": "Scans of an ID, badge or business card",
    "refused_applications": "Applications that were refused",
    "mail": "Messages to and from our mailboxes",
    "cases": "Cases: demands, orders and emergencies, with their papers",
    "trail_payloads": "The trail: who did what, when",
}


def said(codes: Sequence[str], words: dict[str, str], last: str = "and") -> str:
    """Join codes in words: `officers, agents and investigators`."""
    each = [words.get(code, code.replace("_", " ")) for code in codes]
    if len(each) < 2:
        return "".join(each)
    return f"{', '.join(each[:-1])} {last} {each[-1]}"


def span(length: Span) -> str:
    """Write a span as a page does: `3–5 business days`."""
    return str(length).replace("-", "\N{EN DASH}")


def sentence(text: str) -> str:
    """Begin a text with a capital."""
    return text[:1].upper() + text[1:]
