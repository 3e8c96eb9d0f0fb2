"""Where those outside the carrier can go: the public, officers, their supervisors, wholesale customers."""

from tecum.web.audiences.entries import Audience, Entry

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
                "portal:surveillances",
                "portal:end_surveillance",
                "portal:ask_surveillance",
                "portal:surveillance_draft",
                "portal:surveillance_draft_drop",
                "portal:order",
                "portal:order_receipt",
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
#: Beneath every page.
FOOT = (
    Entry("Accessibility", "public:accessibility"),
    Entry("Privacy", "public:privacy"),
    Entry("Security contact", "public:security"),
)
