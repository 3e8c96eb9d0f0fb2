"""Where people go who tell what the carrier did: reports, and what they rest on."""

from tecum.web.audiences.entries import Audience, Entry

REPORTS = Audience(
    "reports", "Reports", "reports:reports",
    (
        Entry(
            "Reports", "reports:reports", "report.read",
            section=tuple(f"reports:{name}" for name in ("make", "report", "again", "certify")),
        ),
        Entry(
            "Disclosures", "oversight:disclosures", "disclosure.read",
            otherwise=Entry("Look-ups", "oversight:look_ups", "lookup.figures"),
        ),
        Entry("Trail", "auditor:trail", "trail.search"),
        Entry("Figures of billing", "billing:figures", "billing.read"),
        Entry("The guide", "desk:guide", "guide.read"),
    ),
)  # fmt: skip
