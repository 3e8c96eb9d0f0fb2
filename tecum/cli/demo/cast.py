"""Who lives in the demo: all invented, all addresses under example domains."""

from dataclasses import dataclass

DOMAIN = "halyard.example"
BORDER = "mx.halyard.example"  # the mail system in front of the demo, whose word about senders is believed
PASSWORD = "a halyard hoists the flag"  # noqa: S105  everybody's in the demo, and nowhere else


@dataclass(frozen=True, slots=True)
class DemoAgency:
    """An agency of the directory."""

    key: str
    name: str
    type: str
    country: str
    subdivision: str
    domain: str
    switchboard: str


@dataclass(frozen=True, slots=True)
class DemoPerson:
    """A person with one role; `agency` is the key of an agency, `customer` the id of a customer."""

    role: str
    name: str
    title: str
    email: str
    agency: str = ""
    customer: str = ""
    job_role: str = ""


AGENCIES = (
    DemoAgency(
        "marrow",
        "Marrow County Sheriff's Office",
        "county",
        "US",
        "OH",
        "marrowcounty.example",
        "292-555-0110",
    ),
    DemoAgency(
        "fennimore",
        "Fennimore Police Department",
        "municipal",
        "US",
        "NY",
        "fennimorepd.example",
        "392-555-0111",
    ),
    DemoAgency(
        "lakeland",
        "Lakeland State Bureau of Investigation",
        "state",
        "US",
        "WI",
        "lakelandsbi.example",
        "492-555-0112",
    ),
    DemoAgency(
        "tamarack",
        "Tamarack Regional Police Service",
        "municipal",
        "CA",
        "ON",
        "tamarackpolice.example",
        "592-555-0113",
    ),
    DemoAgency(
        "prairie",
        "Prairie Nation Tribal Police",
        "tribal",
        "US",
        "NE",
        "prairienation.example",
        "692-555-0114",
    ),
)

PEOPLE = (
    DemoPerson(
        "le_user",
        "Ines Barrowclough",
        "Detective",
        "i.barrowclough@marrowcounty.example",
        "marrow",
        job_role="officer",
    ),
    DemoPerson(
        "supervisor",
        "Amos Tillinghast",
        "Lieutenant",
        "a.tillinghast@marrowcounty.example",
        "marrow",
        job_role="officer",
    ),
    DemoPerson(
        "customer_contact",
        "Rhoda Quennell",
        "Head of Legal Process",
        "r.quennell@copperleaf.example",
        customer="C-00002",
    ),
    DemoPerson(
        "portal_administrator", "Nadia Ostrowe", "Counsel, portal administrator", f"n.ostrowe@{DOMAIN}"
    ),
    DemoPerson("subpoena_analyst", "Ruiz Calderwood", "Subpoena analyst", f"r.calderwood@{DOMAIN}"),
    DemoPerson("order_administrator", "Petra Voss", "Law Enforcement Administrator", f"p.voss@{DOMAIN}"),
    DemoPerson(
        "on_call_administrator", "Jonah Fairweather", "On-call administrator", f"j.fairweather@{DOMAIN}"
    ),
    DemoPerson("certifying_officer", "Halden Rusk", "Officer of the company", f"h.rusk@{DOMAIN}"),
    DemoPerson("noc_escalation", "Milo Drace", "NOC shift lead", f"m.drace@{DOMAIN}"),
    DemoPerson("switch_technician", "Ana Kestrel", "Switch technician", f"a.kestrel@{DOMAIN}"),
    DemoPerson("security_and_fraud", "Bela Thorne-Hall", "Security and Fraud", f"b.thornehall@{DOMAIN}"),
    DemoPerson("mso_staff", "Otto Greenlees", "Switching office", f"o.greenlees@{DOMAIN}"),
    DemoPerson(
        "partner_compliance_officer",
        "Sunniva Marsh",
        "Law Enforcement Compliance Officer",
        "s.marsh@partner.example",
    ),
    DemoPerson("billing", "Edda Lindqvist", "Billing", f"e.lindqvist@{DOMAIN}"),
    DemoPerson("counsel", "Cato Wren", "General counsel", f"c.wren@{DOMAIN}"),
    DemoPerson("guide_editor", "Leonie Sprague", "Compliance officer", f"l.sprague@{DOMAIN}"),
    DemoPerson("auditor", "Dorothea Vance", "Auditor", f"d.vance@{DOMAIN}"),
    DemoPerson("system_administrator", "Tobias Renn", "System administrator", f"t.renn@{DOMAIN}"),
)

# Legal name, town, contact person, mail domain; a customer's id is its place in this list.
PROVIDERS = (
    (
        "Tern & Plover Voice, Inc.",
        "410 Signal Wharf, Suite 9, Port Ember, DE 19990",
        "Legal Process Desk",
        "ternplover.example",
    ),
    (
        "Copperleaf Cloud Telephony LLC",
        "77 Orchard Spur, Tamsin Falls, OH 43999",
        "Rhoda Quennell",
        "copperleaf.example",
    ),
    ("Gannet Relay Systems, Inc.", "1200 Kittiwake Road, Brannock, ME 04999", "", "gannetrelay.example"),
    (
        "Abernathy Conferencing Co.",
        "3 Larch Court, Eddington, VT 05999",
        "Compliance Desk",
        "abernathyconf.example",
    ),
)
SYLLABLES = (
    "Alder",
    "Brack",
    "Cinder",
    "Dunlin",
    "Elm",
    "Farrow",
    "Gorse",
    "Heron",
    "Ibis",
    "Juniper",
    "Kestrel",
    "Linnet",
)
ENDINGS = ("mere", "wood", "field")
TRADES = ("Voice", "Telecom", "Messaging", "Networks", "Communications", "Dialtone")


def customers(count: int = 40) -> list[tuple[str, str, str, str, str]]:
    """Return (id, legal name, address, contact person, mail domain) of the demo's customers."""
    rows = list(PROVIDERS)
    for at in range(count - len(rows)):
        ending = ENDINGS[at // len(SYLLABLES)]
        name = f"{SYLLABLES[at % len(SYLLABLES)]}{ending} {TRADES[at % len(TRADES)]} {'LLC' if at % 3 else 'Inc.'}"
        domain = f"{name.split()[0].lower()}.example"
        rows.append(
            (name, f"{100 + at * 7} Exchange Street, Fennimore, NY 14999", "Legal Process Desk", domain)
        )
    return [(f"C-{at:05}", *row) for at, row in enumerate(rows, start=1)]
