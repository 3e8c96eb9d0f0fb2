"""The Electronic Surveillance Request Form (Appendix D, R-188 to R-193) as it comes back: typed into a PDF or on the web."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from tecum.guide.calculators.forms import FormFound
from tecum.kernel import numbers
from tecum.process.rules.reading import dates
from tecum.surveillance.rules.order_facts import OrderSaid, Subject
from tecum.surveillance.rules.ordered import Intercept, Service

FORM = "surveillance_request"
CHECK_ONE = "Say whether to activate or to deactivate."
WORDS: dict[
    Intercept, tuple[str, ...]
] = {  # "eavesdropping" is the receipt's word for what the form calls Title III (D3)
    Intercept.PEN_REGISTER: ("pen register",),
    Intercept.TRAP_AND_TRACE: ("trap and trace", "trap & trace"),
    Intercept.TITLE_III: ("title iii", "eavesdropping", "wiretap"),
}


@dataclass(frozen=True, slots=True)
class Requested:
    """What a form asks for: to activate or to deactivate, by whom, and what it says of the order."""

    deactivate: bool
    agency: str
    contact: str
    phone: str
    fax: str
    begins_on: date | None
    said: OrderSaid
    unread: tuple[str, ...]  # the ids of fields whose value no machine can read


def requested(values: Mapping[str, Sequence[str]]) -> Requested:
    """Return what the values of the form's fields say; what cannot be read is named and left to a person."""
    unread: list[str] = []
    number = _number(_one(values, "target_number"), "target_number", unread)
    dial_up = _number(_one(values, "dial_up_number"), "dial_up_number", unread)
    begins = _day(_one(values, "activation_date"), "activation_date", unread)
    ends = _day(_one(values, "expiration_date"), "expiration_date", unread)
    imei, imsi = device(_one(values, "imei_imsi"), unread)
    said = OrderSaid(
        subjects=(Subject(number, imei, imsi),) if number else (),
        lines=tuple(
            (service, kind)
            for text in values.get("surveillance_types", ())
            for service in Service
            if service in text.lower()
            for kind, words in WORDS.items()
            if any(word in text.lower() for word in words)
        ),
        ends=ends.isoformat() if ends else "",
        dial_up_number=dial_up,
        line_kind=_one(values, "line").removesuffix(" line"),
        billing="\n".join(line for line in values.get("billing", ()) if line.strip()),
    )
    return Requested(
        deactivate=_one(values, "request_type").lower() == "deactivate",
        agency=_one(values, "agency_name"),
        contact=_one(values, "agency_contact"),
        phone=_one(values, "contact_phone"),
        fax=_one(values, "fax"),
        begins_on=begins,
        said=said,
        unread=tuple(unread),
    )


def amiss(values: Mapping[str, Sequence[str]], judged: FormFound) -> list[tuple[str, str]]:
    """
    Return what is wrong with a form filled in on the page, by its fields: what the guide requires (D2), what cannot be
    read, and dates that run backwards. On paper a person sorts that out; here its sender can, at once.
    """
    asks = requested(values)
    found = [(each.field, f"{each.label}: {each.fault}") for each in judged.fields if each.fault]
    labels = {each.field: each.label for each in judged.fields}
    found += [(name, f"{labels.get(name, name)} cannot be read as it stands.") for name in asks.unread]
    if not values.get("request_type"):
        found.append(("request_type", CHECK_ONE))
    if asks.begins_on and asks.said.ends and asks.said.ends < asks.begins_on.isoformat():
        found.append(("expiration_date", "It would expire before it is activated."))
    return found


def _one(values: Mapping[str, Sequence[str]], name: str) -> str:
    return " ".join(" ".join(values.get(name, ())).split())


def _number(text: str, name: str, unread: list[str]) -> str:
    try:
        return numbers.read(text) if text else ""
    except numbers.NotANumber:
        unread.append(name)
        return ""


def _day(text: str, name: str, unread: list[str]) -> date | None:
    found = dates(text)
    if text and not found:
        unread.append(name)
    return found[0][1] if found else None


def device(text: str, unread: list[str]) -> tuple[str, str]:
    """Tell IMEI from IMSI in one box: by the word before it, else by its length (an IMSI has 15 digits and no check digit)."""
    imei = imsi = ""
    for part in text.replace(";", "/").replace(",", "/").split("/"):
        digits = "".join(filter(str.isdigit, part))
        if not digits:
            continue
        if "imsi" in part.lower() or ("imei" not in part.lower() and imei):
            imsi = digits
        elif "imei" in part.lower() or len(digits) in {14, 16}:
            imei = digits
        elif len(digits) == 15:
            imei, imsi = (digits, imsi) if _checks(digits) else (imei, digits)
        else:
            unread.append("imei_imsi")
    return imei, imsi


def _checks(digits: str) -> bool:
    """Tell whether the last digit is the check digit of an IMEI (Luhn)."""
    doubled = [sum(divmod(int(x) * 2, 10)) if at % 2 else int(x) for at, x in enumerate(digits)]
    return sum(doubled) % 10 == 0
