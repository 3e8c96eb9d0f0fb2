"""Roles as data, beside the permissions they gather."""

from tecum.access.permissions import PERMISSIONS
from tecum.access.words import Permission, Role, Side

__all__ = ["PERMISSIONS", "ROLES", "Permission", "Role", "Side"]

_OWN = frozenset({"account.own"})
_PRODUCE = frozenset(
    {
        "production.read",
        "production.prepare",
        "production.release",
        "production.hand_over",
        "production.recall",
    }
)
_SURVEIL = frozenset(
    {
        "order.work",
        "surveillance.read",
        "surveillance.authorize",
        "surveillance.activate",
        "surveillance.end",
        "surveillance.hold",
        "surveillance.certify",
        "surveillance.report",
        "trouble.work",
        "visit.read",
        "visit.ask",
        "switch.settle",
    }
)
_ON_CALL = frozenset({"oncall.read", "oncall.answer", "oncall.escalate", "oncall.roster", "invariant.read"})
_EMERGENCY = frozenset({"emergency.read", "emergency.work", "emergency.decide", "emergency.mark"})
_SUBSCRIBERS = frozenset({"subscriber.read", "subscriber.match"})
_READ_DIRECTORY = frozenset({"person.read", "agency.read", "customer.read", "consent.read"})

_ROLES = (
    Role(
        "le_user", "Law-enforcement user", Side.AGENCY,
        "An officer, agent, investigator, attorney or member of support staff of a vetted agency (R-008).",
        _OWN | {"surveillance.ask_end", "case.own", "account.address", "account.token", "lookup.run", "lookup.history", "production.own", "production.fetch", "support.ask", "demand.submit", "demand.withdraw", "fee.accept", "webhook.own"}, "role.grant", one_session=True,
    ),
    Role(
        "supervisor", "Supervisor", Side.AGENCY,
        "The supervising officer named in an application (R-010); answers for people, asks nothing.",
        _OWN | {"account.address", "person.team", "person.attest", "person.left", "support.ask"}, "role.grant", one_session=True,
    ),
    Role(
        "customer_contact", "Wholesale customer", Side.CUSTOMER,
        "A service provider's contact: keeps the card current, gives and withdraws consent.",
        _OWN | {"card.read_own", "card.propose", "consent.read_own", "consent.give", "consent.withdraw"}, "role.grant",
    ),
    Role(
        "portal_administrator", "Portal administrator", Side.CARRIER,
        "The carrier's legal department, which runs the portal (R-011).",
        _OWN | _READ_DIRECTORY | {
            "lookup.assist", "lookup.figures", "disclosure.read", "breach.read", "breach.manage", "person.create", "person.change", "person.suspend",
            "person.reinstate", "person.link", "person.reset", "person.attest_for", "person.address", "person.signs", "role.grant", "agency.create", "agency.change",
            "agency.call_back", "agency.contact", "agency.suspend", "agency.reinstate", "customer.create", "customer.change",
            "card.confirm", "card.approve", "consent.record", "consent.withdraw_for", "consent.campaign",
            "support.read", "support.answer", "inventory.read", "inventory.load", "subscriber.read", "subscriber.load", "subscriber.rejects", "trail.search", "trail.verify", "notice.read", "notice.resend",
            "mail.read", "mail.classify", "application.read", "application.decide", "deadline.read", "deadline.revive",
            "guide.read", "guide.propose", "guide.activate", "report.read", "report.make",
        }, "role.grant_staff",
    ),
    Role(
        "subpoena_analyst", "Subpoena analyst", Side.CARRIER,
        "Subpoena Compliance: subscriber information, toll records and their kin (R-075).",
        _OWN | _READ_DIRECTORY | _PRODUCE | _SUBSCRIBERS | {"case.read", "demand.read", "case.work", "case.waive", "case.seal", "case.legal_hold", "case.let_in", "lookup.assist", "inventory.history", "records.read", "records.search", "records.hold", "agency.contact", "demand.work", "demand.hold", "demand.scope", "demand.tell_customer", "demand.withdraw"}, "role.grant_staff",
    ),
    Role(
        "order_administrator", "Order administrator", Side.CARRIER,
        "Court Order Compliance, the Law Enforcement Administrator (R-077).",
        _OWN | _READ_DIRECTORY | _PRODUCE | _SUBSCRIBERS | _SURVEIL | _EMERGENCY | _ON_CALL | {"recovery.read", "recovery.leave", "case.read", "order.read", "demand.read", "case.work", "case.waive", "case.seal", "case.legal_hold", "case.let_in", "lookup.assist", "inventory.history", "records.read", "records.search", "records.hold"}, "role.grant_staff",
    ),
    Role(
        "on_call_administrator", "On-call administrator", Side.CARRIER,
        "A Law Enforcement Administrator on call for emergencies, day and night (R-081).",
        _OWN | _READ_DIRECTORY | _PRODUCE | _SUBSCRIBERS | _SURVEIL | _EMERGENCY | _ON_CALL | {"recovery.read", "case.read", "order.read", "case.work", "case.waive", "case.seal", "case.legal_hold", "case.let_in", "lookup.assist", "inventory.history", "records.read", "records.search", "records.hold", "agency.call_back"}, "role.grant_staff",
    ),
    Role(
        "noc_escalation", "NOC escalation", Side.CARRIER,
        "The Network Operation Center: passes an emergency on and sees no data (R-087, R-088).",
        _OWN | {"oncall.escalate"}, "role.grant_staff", alone=True,
    ),
    Role(
        "switch_technician", "Switch technician", Side.CARRIER,
        "Works on the switches; learns of a surveillance only what its work order says.",
        _OWN | {"switch.work", "trouble.fix"}, "role.grant_staff",
    ),
    Role(
        "security_and_fraud", "Security and Fraud", Side.CARRIER,
        "Coordinates visits to switching offices (R-154); watches for misuse of the portal.",
        _OWN | {"visit.read", "visit.coordinate", "lookup.figures", "person.read", "person.suspend", "person.signs", "agency.read", "agency.suspend", "trail.search"}, "role.grant_staff",
    ),
    Role(
        "mso_staff", "MSO staff", Side.CARRIER,
        "Grants access to a switching office against picture ID (R-154).",
        _OWN | {"visit.read", "visit.admit"}, "role.grant_staff",
    ),
    Role(
        "partner_compliance_officer", "Partner compliance officer", Side.PARTNER,
        "The partner company's Law Enforcement Compliance Officer (R-164).",
        _OWN | {"agency.read"}, "role.grant_staff",
    ),
    Role(
        "billing", "Billing", Side.CARRIER,
        "Invoices and payments; sees agencies, never what was asked.",
        _OWN | {"agency.read", "billing.read", "billing.work", "billing.issue", "billing.waive", "billing.credit", "billing.pay"}, "role.grant_staff",
    ),
    Role(
        "counsel", "Counsel", Side.CARRIER,
        "The carrier's lawyer: reads disclosures and the trail, leads what follows a breach, activates a proposed guide.",
        _OWN | _READ_DIRECTORY | {"recovery.read", "recovery.leave", "case.read", "demand.read", "order.read", "emergency.read", "emergency.counsel", "case.seal", "case.legal_hold", "case.let_in", "case.waive", "lookup.figures", "disclosure.read", "breach.read", "breach.manage", "person.suspend", "trail.search", "trail.verify", "guide.read", "guide.activate", "production.read", "production.recall", "demand.scope", "billing.read", "surveillance.read", "surveillance.report", "report.read", "report.make"}, "role.grant_staff",
    ),
    Role(
        "certifying_officer", "Certifying officer", Side.CARRIER,
        "An officer of the carrier: states once a year what the rule asks about disclosures (47 CFR 64.2009(e)).",
        _OWN | {"report.read", "report.make", "report.certify", "lookup.figures"}, "role.grant_staff",
    ),
    Role(
        "guide_editor", "Guide editor", Side.CARRIER,
        "Keeps the carrier's guide; needs no one's data for it.",
        _OWN | {"lookup.figures", "inventory.read", "guide.read", "guide.propose", "guide.activate"}, "role.grant_staff",
    ),
    Role(
        "auditor", "Auditor", Side.CARRIER,
        "Reads everything that proves, changes nothing, holds no other role.",
        _OWN | _READ_DIRECTORY | {"recovery.read",
            "lookup.figures", "disclosure.read", "inventory.read", "records.read", "trail.search", "trail.verify", "invariant.read", "invariant.told", "billing.read", "report.read",
        }, "role.grant_staff", alone=True,
    ),
    Role(
        "system_administrator", "System administrator", Side.CARRIER,
        "Runs the machine and gives staff their roles; sees no customer's and no officer's data.",
        _OWN | {"recovery.read", "person.read", "person.create", "person.change", "person.suspend", "person.link", "person.reset", "role.grant_staff", "inventory.read", "records.read", "records.load", "trail.verify", "invariant.read", "invariant.told", "epoch.destroy", "keys.rotate"},
        "role.grant_staff", alone=True,
    ),
)  # fmt: skip
ROLES: dict[str, Role] = {each.name: each for each in _ROLES}
