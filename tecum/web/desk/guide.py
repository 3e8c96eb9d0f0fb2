"""The carrier's guide as its files are, what changes with them, and putting them in force by two people."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from tecum.access.rules import may
from tecum.accounts import operations as accounts
from tecum.accounts import queries as people
from tecum.approvals.rules import ApprovalView
from tecum.guide.checking.check import check
from tecum.guide.comparing import Change, compare
from tecum.guide.model.guide import Guide
from tecum.kernel.refusals import NotYours
from tecum.policy import operations, queries
from tecum.policy.queries import Files
from tecum.web import acts
from tecum.web.acts import Nothing, Page, Row
from tecum.web.desk import guide_values
from tecum.web.desk.forms import SeenFiles
from tecum.web.gates import opens
from tecum.web.requests import Asked
from tecum.web.templatetags.frame import Crumb, View

SHOWN = 100  # sentences on a decision; the page of the guide has them all


@opens(read="guide.read")
def preview(request: Asked) -> HttpResponse:
    """Show one version of the files: findings, differences, values, texts; and where activation stands."""
    files = queries.files(by=request.actor, now=request.now)
    guide = _chosen(files, request)
    before = files.before(guide) if guide else None
    context = {
        "title": "The carrier's guide",
        "files": files,
        "guide": guide,
        "before": before,
        "views": _views(files, guide),
        "changes": compare(before, guide) if before and guide else (),
        "findings": check(guide) if guide else (),
        "sections": guide_values.sections(guide) if guide else (),
        "texts": guide_values.texts(guide) if guide else (),
        "names": people.names(_involved(files)),
        "may_propose": may(request.actor, "guide.propose") and files.may_be_proposed,
        "may_withdraw": may(request.actor, "guide.propose"),
        "may_activate": may(request.actor, "guide.activate"),
        "alone": bool(files.activated) and len(people.holders("guide.activate")) < 2,
        "own": files.waiting is not None and files.waiting.proposed_by == request.actor.ref,
    }
    return render(request, "desk/guide.html", context)


@opens(read="guide.propose", write="guide.propose")
def propose(request: Asked) -> HttpResponse:
    """Propose the files as they are."""
    files = queries.files(by=request.actor, now=request.now)

    def do(given: dict[str, Any]) -> str:
        operations.propose_files(digest=given["digest"], by=request.actor, now=request.now)
        return reverse("desk:guide")

    page = _page(
        title="Propose the guide's files",
        heading="Propose these files to be put in force?",
        button="Propose these files",
        rows=_rows(files, files.digest),
    )
    done = "Proposed. Another person activates it."
    return acts.run(request, form=_form(request, files.digest), page=page, do=do, done=done)


@opens(read="guide.activate", write="guide.activate")
def activate(request: Asked, approval: str) -> HttpResponse:
    """Put the proposed files in force."""
    files = queries.files(by=request.actor, now=request.now)
    proposal = _waiting(files, approval)

    def do(given: dict[str, Any]) -> str:
        operations.activate(
            approval=approval,
            digest=given["digest"],
            by=request.actor,
            now=request.now,
            stand=accounts.stand,
        )
        return reverse("desk:guide")

    page = _page(
        title="Activate the guide's files",
        heading="Put these files in force?",
        button="Put these files in force",
        rows=[_by(proposal), *_rows(files, proposal.digest)],
        grave=True,
    )
    done = "Activated. Each version is in force from its own date."
    return acts.run(request, form=_form(request, files.digest), page=page, do=do, done=done)


@opens(read="guide.propose", write="guide.propose")
def withdraw(request: Asked, approval: str) -> HttpResponse:
    """Withdraw the proposal that waits."""
    files = queries.files(by=request.actor, now=request.now)
    proposal = _waiting(files, approval)

    def do(given: dict[str, Any]) -> str:
        operations.withdraw(approval=approval, by=request.actor, now=request.now)
        return reverse("desk:guide")

    page = _page(
        title="Withdraw the proposal",
        heading="Withdraw the proposal?",
        button="Withdraw the proposal",
        rows=[_by(proposal), Row("What happens", text="What is in force stays in force.")],
    )
    form = Nothing(acts.posted(request))
    return acts.run(request, form=form, page=page, do=do, done="The proposal is withdrawn.")


def _form(request: Asked, digest: str) -> SeenFiles:
    return SeenFiles(acts.posted(request), initial={"digest": digest})


def _waiting(files: Files, approval: str) -> ApprovalView:
    if files.waiting is None or files.waiting.id != approval:
        raise NotYours
    return files.waiting


def _chosen(files: Files, request: Asked) -> Guide | None:
    asked = request.GET.get("version", "")
    found = [one for one in files.versions if one.version == asked] or list(files.versions[-1:])
    return found[0] if found else None


def _views(files: Files, guide: Guide | None) -> list[View]:
    page = reverse("desk:guide")
    return [
        View(
            f"{one.version}, from {one.guide.effective_from}",
            f"{page}?version={one.version}",
            current=one is guide,
        )
        for one in files.versions
    ]


def _involved(files: Files) -> set[str]:
    return {ref for one in files.history for ref in (one.proposed_by, one.decided_by)}


def _by(proposal: ApprovalView) -> Row:
    name = people.names({proposal.proposed_by}).get(proposal.proposed_by, proposal.proposed_by)
    return Row("Proposed by", text=name)


def _rows(files: Files, digest: str) -> list[Row]:
    if files.problems or digest != files.digest:
        said = "The files changed since they were proposed, or have mistakes now. This proposal can no longer be activated."
        return [Row("Not what was proposed", text=said)]
    changes = _changes(files)
    points = [change.sentence for change in changes[:SHOWN]]
    if len(changes) > SHOWN:
        points.append(f"and {len(changes) - SHOWN} further changes, which the page of the guide lists")
    found = [one for one in check(files.versions[-1]) if one.decision is None]
    return [
        Row(
            "Versions",
            points=[f"{one.version}, in force from {one.guide.effective_from}" for one in files.versions],
        ),
        Row("What changes", points=points, text="" if points else _nothing(files)),
        Row(
            "Not settled",
            points=[one.sentence for one in found[:SHOWN]],
            text="" if found else "Nothing: every finding has its decision.",
        ),
        Row("Content", facts={"SHA-256": " ".join(digest[i : i + 8] for i in range(0, 64, 8))}),
        Row(
            "What happens",
            text="Only this content is in force from then on, each version from its date; a date that has passed means at once. "
            "Any later edit of the files waits until two people activate it.",
        ),
    ]


def _nothing(files: Files) -> str:
    if files.activated:
        return "No value and no text changes."
    return "Nothing now: nobody ever activated this guide, so these files are in force already. The next change waits for two people."


def _changes(files: Files) -> list[Change]:
    pairs = [(files.before(one), one) for one in files.versions if one not in files.in_force]
    return [change for before, one in pairs if before is not None for change in compare(before, one)]


def _page(**more: Any) -> Page:
    back = reverse("desk:guide")
    return Page(back=back, crumbs=[Crumb("The carrier's guide", back), Crumb(more["title"])], **more)
