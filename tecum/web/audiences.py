"""Who the parts of the house are for, and where each can go: at most six entries, as data. A page adds its line here."""

from dataclasses import dataclass

MOST = 6


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry: its words, the name of its page, the permission that opens it ("" for everybody)."""

    label: str
    page: str
    permission: str = ""
    #: Pages that stand under this entry: the entry is marked as the section while one of them is open.
    section: tuple[str, ...] = ()
    #: What stands in its place for somebody whom only a part of it is for.
    otherwise: "Entry | None" = None


@dataclass(frozen=True, slots=True)
class Audience:
    """The people that a part of the house is for. `name` is the namespace of its addresses."""

    name: str
    place: str
    home: str
    entries: tuple[Entry, ...]


PUBLIC = Audience(
    "public",
    "",
    "public:start",
    (
        Entry("Start", "public:start"),
        Entry("How to apply", "public:start#how"),
        Entry("How to serve a Legal Demand", "public:serve"),
        Entry("Sign in", "account_login"),
    ),
)
PORTAL = Audience(
    "portal",
    "",
    "portal:ask",
    (
        Entry("Look up", "portal:ask", "lookup.history"),
        Entry("My history", "portal:history", "lookup.history", section=("portal:answer",)),
        Entry(
            "My cases",
            "portal:cases",
            "case.own",
            section=(
                "portal:case",
                "portal:submit",
                "portal:draft",
                "portal:draft_drop",
                "portal:withdraw",
                "portal:undo",
                "portal:productions",
                "portal:production",
            ),
        ),
        Entry("Your people", "supervisor:people", "person.team"),
        Entry(
            "Support",
            "portal:support",
            "support.ask",
            section=("portal:support_thread", "portal:support_ask"),
        ),
        Entry("How to serve a Legal Demand", "public:serve"),
    ),
)
SUPERVISOR = Audience(
    "supervisor",
    "",
    "supervisor:people",
    (
        Entry(
            "Your people",
            "supervisor:people",
            "person.team",
            section=("supervisor:confirm", "supervisor:left"),
        ),
        Entry("Look up", "portal:ask", "lookup.history"),
        Entry("My history", "portal:history", "lookup.history"),
        Entry("Support", "portal:support", "support.ask"),
        Entry("How to serve a Legal Demand", "public:serve"),
    ),
)
GUIDE = ("desk:guide", "desk:guide_propose", "desk:guide_activate", "desk:guide_withdraw")
# What the carrier's staff work with; each sees what their permissions open.
STAFF = (
    Entry(
        "People",
        "desk:people",
        "person.read",
        section=(
            "desk:person",
            "desk:person_create",
            "desk:person_change",
            "desk:person_link",
            "desk:person_suspend",
            "desk:person_reinstate",
            "desk:person_reset",
            "desk:person_attest",
            "desk:person_address",
            "desk:signs",
            "desk:sign",
            "desk:person_grant",
            "desk:person_end_role",
        ),
        # Who sees nobody's data keeps the guide; the others find it beside what they watch over.
        otherwise=Entry("The guide", "desk:guide", "guide.read", section=GUIDE[1:]),
    ),
    Entry(
        "Agencies",
        "desk:agencies",
        "agency.read",
        section=(
            "desk:agency",
            "desk:agency_create",
            "desk:agency_change",
            "desk:agency_add_domain",
            "desk:agency_remove_domain",
            "desk:contact_propose",
            "desk:contact_confirm",
            "desk:contact_strike",
            "desk:call_back_propose",
            "desk:call_back_confirm",
            "desk:call_back_strike",
            "desk:agency_suspend",
            "desk:agency_reinstate",
        ),
    ),
    Entry(
        "Customers",
        "desk:customers",
        "customer.read",
        section=(
            "desk:customer",
            "desk:customer_create",
            "desk:customer_suspend",
            "desk:customer_reinstate",
            "desk:card_confirm",
            "desk:card_approve",
            "desk:card_refuse",
            "desk:consent_record",
            "desk:consent_withdraw",
            "desk:campaign_note",
            "desk:consents",
        ),
    ),
    Entry(
        "Numbers",
        "oversight:numbers",
        "inventory.read",
        section=("oversight:number_past", "oversight:number_now", "oversight:subscribers"),
        otherwise=Entry(
            "Numbers",
            "oversight:number_now",
            "lookup.assist",
            section=("oversight:number_past", "oversight:subscribers"),
            otherwise=Entry(
                "Past of a number",
                "oversight:number_past",
                "inventory.history",
                section=("oversight:subscribers",),
            ),
        ),
    ),
    Entry(
        "Disclosures",
        "oversight:disclosures",
        "disclosure.read",
        section=(
            "oversight:look_ups",
            "oversight:breaches",
            "oversight:breach",
            "oversight:breach_open",
            "oversight:breach_word",
            "oversight:breach_give",
            "oversight:breach_hold",
            "oversight:breach_close",
        ),
        otherwise=Entry("Look-ups", "oversight:look_ups", "lookup.figures"),
    ),
    Entry(
        "Trail",
        "auditor:trail",
        "trail.search",
        section=("auditor:verify", "auditor:bundle", "auditor:entry"),
    ),
)
PRODUCTIONS = Entry(
    "Productions",
    "desk:productions",
    "production.read",
    section=(
        "desk:production",
        "desk:production_propose",
        "desk:production_approve",
        "desk:production_take_back",
        "desk:production_hand_over",
        "desk:production_send_link",
        "desk:production_end_offer",
        "desk:production_recall",
        "desk:production_withdraw",
    ),
)
# The portal administrator's desk; what several people watch over is one entry here and has entries of its own there.
SUPPORT = (
    "desk:support", "desk:support_thread", "desk:support_answer", "desk:support_screen", "desk:support_note",
    "desk:support_assign", "desk:support_close", "desk:support_call",
)  # fmt: skip
MESSAGES_OUT = ("desk:notice", "desk:notice_again", "desk:due", "desk:due_revive")
CASES = (
    "desk:case", "desk:case_note", "desk:case_document", "desk:case_search", "desk:case_search_cancel",
    "desk:case_search_found",
)  # fmt: skip
AT_THE_DESK = (
    Entry(
        "Applications",
        "desk:applications",
        "application.read",
        section=(
            "desk:application",
            "desk:application_accept",
            "desk:application_return",
            "desk:application_refuse",
            "desk:application_take_back",
            "desk:application_link",
        ),
        otherwise=Entry(
            "Cases",
            "desk:cases",
            "case.read",
            section=CASES,
            otherwise=PRODUCTIONS,
        ),
    ),
    Entry(
        "Messages",
        "desk:mailroom",
        "mail.read",
        section=(
            "desk:message",
            "desk:message_decide",
            "desk:message_done",
            *MESSAGES_OUT,
            "desk:outbox",
            *SUPPORT,
        ),
        otherwise=Entry(
            "Messages", "desk:outbox", "notice.read", section=MESSAGES_OUT, otherwise=PRODUCTIONS
        ),
    ),
    *STAFF[:3],
    # One entry leads to the first of these pages that the person may open; there, each has an entry of its own.
    Entry(
        "Oversight",
        "oversight:numbers",
        "inventory.read",
        section=GUIDE,
        otherwise=Entry(
            "Oversight",
            "oversight:disclosures",
            "disclosure.read",
            section=GUIDE,
            otherwise=Entry(
                "Numbers",
                "oversight:number_now",
                "lookup.assist",
                section=("oversight:number_past",),
                otherwise=Entry(
                    "Past of a number",
                    "oversight:number_past",
                    "inventory.history",
                    otherwise=Entry("Look-ups", "oversight:look_ups", "lookup.figures", otherwise=STAFF[5]),
                ),
            ),
        ),
    ),
)
# The response desk: the analyst's day.
RESPONSE_DEMANDS = Entry(
    "Demands",
    "response:demands",
    "demand.read",
    section=("desk:work_orders", "desk:work_order", "desk:work_order_attach", "desk:work_order_drop", *(
        f"response:{name}"
        for name in (
            "demand", "take", "confirm", "accept", "deficient", "object", "go_on", "refuse", "route", "withdraw", "undo",
            "gag", "preserve", "hold", "join", "tell", "scope", "approve", "enter", "waiting", "settle", "add_paper", "told", "choose",
        )
    )),
)  # fmt: skip
RESPONSE = Audience(
    "response",
    "Response desk",
    "response:demands",
    (
        RESPONSE_DEMANDS,
        Entry("Next 72 hours", "response:board", "demand.read"),
        Entry("Cases", "desk:cases", "case.read", section=CASES),
        PRODUCTIONS,
        Entry("Agencies", "desk:agencies", "agency.read", section=STAFF[1].section),
        Entry("Past of a number", "oversight:number_past", "inventory.history"),
    ),
)
BILLING = Audience(
    "billing",
    "Billing",
    "billing:queue",
    (
        Entry(
            "To invoice", "billing:queue", "billing.read",
            section=("billing:bill", "billing:change", "billing:issue", "billing:issue_all", "billing:waive", "billing:charge_again"),
        ),
        Entry(
            "Invoices", "billing:invoices", "billing.read",
            section=(
                "billing:invoice", "billing:send", "billing:credit", "billing:dispute", "billing:end_dispute", "billing:give_up",
                "billing:statement",
            ),
        ),
        Entry(
            "Payments", "billing:payments", "billing.read",
            section=("billing:match", "billing:unmatch", "billing:send_back"),
        ),
        Entry("Figures", "billing:figures", "billing.read"),
        Entry("Agencies", "desk:agencies", "agency.read", section=STAFF[1].section),
    ),
)  # fmt: skip
# What every switch is to do, and what technicians do by hand.
SWITCHES = Audience(
    "switches",
    "Switches",
    "switches:board",
    (
        Entry("Starts and ends", "switches:board", "surveillance.read", section=("switches:one",)),
        Entry("Switches", "switches:state", "surveillance.read", section=("switches:settle", "switches:put_back")),
        Entry("Work on switches", "switches:work", "switch.work", section=("switches:order", "switches:report")),
        Entry("Cases", "desk:cases", "case.read", section=CASES),
    ),
)  # fmt: skip
# Court Order Compliance: the order administrator's day.
ORDERS = Audience(
    "orders", "Court orders", "orders:orders",
    (
        Entry(
            "Court orders", "orders:orders", "order.read",
            section=tuple(f"orders:{name}" for name in (
                "enter", "order", "take", "kind", "confirm", "match", "accept", "deficient", "go_on", "route", "copy", "refuse", "add_paper", "issue",
                "receipt", "billing", "collection", "password", "coverage", "cancellation", "propose", "start", "end", "approve",
            )),
        ),
        Entry("Starts and ends", "switches:board", "surveillance.read"),
        Entry("Cases", "desk:cases", "case.read", section=CASES),
        Entry("Agencies", "desk:agencies", "agency.read", section=STAFF[1].section),
    ),
)  # fmt: skip
DESK = Audience("desk", "Portal desk", "desk:people", AT_THE_DESK)
OVERSIGHT = Audience("oversight", "Oversight", "oversight:numbers", STAFF)
AUDITOR = Audience("auditor", "Audit", "auditor:trail", STAFF)
CUSTOMER = Audience(
    "customer",
    "Customer area",
    "customer:company",
    (
        Entry("Your company", "customer:company", "card.read_own"),
        Entry("Contact card", "customer:card", "card.propose"),
        Entry("Give consent", "customer:give", "consent.give"),
        Entry("Withdraw consent", "customer:withdraw", "consent.withdraw"),
    ),
)
AUDIENCES: dict[str, Audience] = {
    **{
        audience.name: audience
        for audience in (
            PUBLIC,
            PORTAL,
            SUPERVISOR,
            RESPONSE,
            ORDERS,
            BILLING,
            SWITCHES,
            DESK,
            CUSTOMER,
            OVERSIGHT,
            AUDITOR,
        )
    },
}
#: Beneath every page.
FOOT = (
    Entry("Accessibility", "public:accessibility"),
    Entry("Privacy", "public:privacy"),
    Entry("Security contact", "public:security"),
)
