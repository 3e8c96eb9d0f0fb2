"""The desk's page about a legal hold: one proposes, another approves, one ends it."""

from typing import Any

from django import forms
from django.http import HttpResponse
from django.urls import reverse

from tecum.accounts import queries as people
from tecum.approvals import queries as proposals
from tecum.cases import operations as cases
from tecum.cases import queries
from tecum.cases.operations.keeping import HOLD
from tecum.secrecy import queries as secrecy
from tecum.web import acts
from tecum.web.acts import Page, Row
from tecum.web.gates import opens
from tecum.web.requests import Asked
from tecum.web.templatetags.frame import Crumb

KEEPS = [
    "The case, its messages and papers, and its productions outlive their retention until somebody ends the hold.",
    "Records of calls are held by the demand's own holds; this changes nothing about them.",
]


@opens(read="case.legal_hold", write="case.legal_hold")
def hold(request: Asked, case: str) -> HttpResponse:
    """Propose a legal hold, approve what another person proposed, or end the one that there is."""
    known = queries.case(case=case, by=request.actor, now=request.now)
    there = reverse("desk:case", args=[case])
    waiting = proposals.waiting(HOLD, case)
    held = secrecy.is_held(known.matter)

    def do(_given: dict[str, Any]) -> str:
        if held:
            cases.end_legal_hold(case=case, by=request.actor, now=request.now)
        elif waiting is not None:
            cases.approve_legal_hold(approval=waiting.id, by=request.actor, now=request.now)
        else:
            cases.propose_legal_hold(case=case, by=request.actor, now=request.now)
        return there

    if held:
        title, points, done = "End the legal hold", ["What only the hold kept is destroyed by the next run of the jobs."], "The hold has ended."  # fmt: skip
    elif waiting is not None:
        who = people.names({waiting.proposed_by}).get(waiting.proposed_by, "somebody")
        title, points, done = "Approve the legal hold", [f"{who} proposed it.", *KEEPS], "The case is held."
    else:
        title, points, done = "Propose a legal hold", [*KEEPS, "Another person approves it; nothing is held before."], "It waits for a second person."  # fmt: skip
    page = Page(
        title=title, heading=f"{title} on {known.reference}?", button=title, back=there,
        rows=[Row("What happens", points=points)],
        crumbs=[Crumb("Cases", reverse("desk:cases")), Crumb(known.reference, there, mono=True), Crumb("Legal hold")],
    )  # fmt: skip
    return acts.run(request, form=forms.Form(acts.posted(request)), page=page, do=do, done=done)
