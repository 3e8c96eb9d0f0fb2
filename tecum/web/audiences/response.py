"""Where demands, orders, switches and invoices are worked on."""

from tecum.web.audiences.desk import CASES, PRODUCTIONS, STAFF
from tecum.web.audiences.entries import Audience, Entry

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
        Entry("Starts and ends", "switches:board", "surveillance.read", section=("switches:one", "switches:asked", "switches:obey", "switches:refuse_end", "switches:note_end")),
        Entry("Switches", "switches:state", "surveillance.read", section=("switches:settle", "switches:put_back", "switches:recovery", "switches:resume", "switches:leave")),
        Entry(
            "Work on switches", "switches:work", "switch.work",
            section=("switches:order", "switches:report", "switches:look", "switches:conclude"),
        ),
        Entry(
            "Visits", "switches:visits", "visit.read",
            section=("switches:visit", "switches:visit_ask", "switches:visit_cancel", "switches:visit_agree", "switches:visit_admit",
                     "switches:visit_left", "switches:turn_away"),
        ),
        Entry(
            "Trouble", "switches:tickets", "surveillance.read",
            section=(
                "switches:ticket", "switches:trouble_report", "switches:trouble_explain", "switches:trouble_internal",
                "switches:trouble_told", "switches:trouble_close", "switches:account_ask", "switches:account_pays",
                "switches:account_settle",
            ),
        ),
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
                "longer", "hold", "release", "add_switch", "handset",
            )),
        ),
        Entry("Starts and ends", "switches:board", "surveillance.read"),
        Entry(
            "Certifications", "orders:certifications", "surveillance.read",
            section=tuple(f"orders:{name}" for name in (
                "certification", "certification_sheet", "certification_sign", "certification_complete", "certification_take_over",
                "record_now", "report", "compromise", "compromise_tell",
            )),
        ),
        Entry("Emergencies", "exigent:board", "emergency.read"),
        Entry("On call", "oncall:desk", "oncall.escalate"),
        Entry("Cases", "desk:cases", "case.read", section=CASES),
    ),
)  # fmt: skip
# Whoever is on call, whoever keeps the roster, and the NOC.
ONCALL = Audience(
    "oncall", "On call", "oncall:desk",
    (
        Entry(
            "On call", "oncall:desk", "oncall.escalate",
            section=tuple(f"oncall:{name}" for name in ("escalation", "call_back", "call", "said", "end_drill", "page")),
        ),
        Entry(
            "Roster", "oncall:roster", "oncall.read",
            section=tuple(f"oncall:{name}" for name in ("shift", "rotation", "shift_remove", "ways", "drill")),
        ),
        Entry("Emergencies", "exigent:board", "emergency.read"),
        Entry("Court orders", "orders:orders", "order.read"),
        Entry("Starts and ends", "switches:board", "surveillance.read"),
        Entry("Cases", "desk:cases", "case.read", section=CASES),
    ),
)  # fmt: skip
# Emergencies: the board of whoever is on call.
EXIGENT = Audience(
    "exigent", "Emergencies", "exigent:board",
    (
        Entry(
            "Emergencies", "exigent:board", "emergency.read",
            section=tuple(f"exigent:{name}" for name in (
                "enter", "request", "agency", "call", "source", "correct", "add_paper", "written", "disclose", "locate", "surveil", "approve",
                "refuse", "again", "ordinary", "repeats", "follows", "located", "afterwards", "counsel", "forged", "report", "settle", "end",
                "order", "replace", "pass_on", "alone", "confirm",
            )),
        ),
        Entry("On call", "oncall:desk", "oncall.read"),
        Entry("Court orders", "orders:orders", "order.read"),
        Entry("Starts and ends", "switches:board", "surveillance.read"),
        PRODUCTIONS,
        Entry("Agencies", "desk:agencies", "agency.read", section=STAFF[1].section),
    ),
)  # fmt: skip
