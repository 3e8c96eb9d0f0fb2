"""Where the carrier's staff watch over people, numbers and the trail."""

from tecum.web.audiences.entries import Audience, Entry

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
        # Security and Fraud agrees the visits to switching offices.
        otherwise=Entry("Visits", "switches:visits", "visit.coordinate"),
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
        section=("auditor:verify", "auditor:bundle", "auditor:entry", "auditor:watch"),
        otherwise=Entry("Invariants", "auditor:watch", "invariant.told"),
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
DESK = Audience("desk", "Portal desk", "desk:people", AT_THE_DESK)
OVERSIGHT = Audience("oversight", "Oversight", "oversight:numbers", STAFF)
AUDITOR = Audience("auditor", "Audit", "auditor:trail", STAFF)
