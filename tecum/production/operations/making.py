"""
From frozen inputs to a sealed package. Nothing here is inside a transaction but the two writes: whoever dies in between
leaves the inputs, and the jobs begin again; a receipt that was given once is given again, not a second time.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from django.conf import settings
from django.db import transaction

from tecum.audit import operations as audit
from tecum.audit import queries as trail
from tecum.audit.rules import Receipt
from tecum.documents import operations as documents
from tecum.documents import queries as shelf
from tecum.guide.model.guide import Guide
from tecum.kernel import words
from tecum.kernel.actors import Actor
from tecum.policy import queries as policy
from tecum.production import sealed
from tecum.production.drivers import archive, failpoints, printing, sealing, stamping, tables
from tecum.production.drivers.archive import Member
from tecum.production.models import Production
from tecum.production.rules import bag, checks
from tecum.production.rules.bag import Entry
from tecum.production.rules.checks import TableRow
from tecum.production.rules.facts import BadInput, Inputs, Part
from tecum.production.states import ProductionState
from tecum.records.rules.scope import Scope

CERTIFICATE, DISCLAIMER, NO_RECORDS = "certificate", "disclaimer", "no_records"
PAPERS = {CERTIFICATE: "certificate.pdf", DISCLAIMER: "disclaimer.pdf", NO_RECORDS: "no-records.pdf"}
TITLES = {
    CERTIFICATE: "Certificate of business records",
    DISCLAIMER: "Statement about these files",
    NO_RECORDS: "No records",
}
ZIP = "application/zip"


@dataclass(frozen=True, slots=True)
class Package:
    """A package that lies sealed on the disk, and that no row knows yet."""

    kept: documents.Kept
    kind: str


class _Counted:
    """Hands pieces on, counts and hashes them."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self.pieces, self.digest, self.size = pieces, sha256(), 0

    def __iter__(self) -> Iterator[bytes]:
        for piece in self.pieces:
            self.digest.update(piece)
            self.size += len(piece)
            yield piece


def make(*, production: str, by: Actor, now: datetime) -> bool:
    """
    Make the package of a production that waits for it; tell whether there was one to make.

    A row outside the scope, or a file that is not what was stored, stops it for good and says why.
    """
    row = Production.objects.filter(pk=production, state=ProductionState.PREPARING).first()
    if row is None:
        return False
    inputs, scope = sealed.inputs(row), sealed.scope(row)
    guide = policy.version(row.guide_version, now)
    try:
        entries = _entries(row, inputs, scope, guide)
    except BadInput as fault:
        _stop(row, str(fault), by=by, now=now)
        return True
    failpoints.reach("hashed")
    hashes = {entry.path: entry.sha256 for entry in entries}
    manifest = bag.manifest(hashes or {bag.SEARCHED: sha256(bag.coverage_csv(inputs.coverage)).hexdigest()})
    if not _receipted(row, manifest, entries, by=by, now=now):
        return False
    package = _packed(row, inputs, scope, guide, entries, manifest)
    failpoints.reach("packed")
    return _enter(row, package, by=by, now=now)


def _entries(row: Production, inputs: Inputs, scope: Scope, guide: Guide) -> list[Entry]:
    """Read every file once: hash it, and hold each row against the scope. :raises BadInput: where one may not leave"""
    stored = {each.id: each for each in shelf.files(matter=row.matter)}
    certified = {product.id for product in guide.products if product.certification == "yes"}
    found, rows = [], dict[tuple[str, str, str], int]()
    for part in sorted(inputs.parts, key=lambda each: each.path):
        content = _Counted(documents.stream(part.file))
        count = _counted_rows(content, part, scope)
        for _ in content:
            pass  # what the table did not read is hashed too
        if part.file not in stored or content.digest.hexdigest() != stored[part.file].sha256:
            raise BadInput(f"{part.name} is not what was stored.")
        if count is not None and rows.setdefault(part.twins, count) != count:
            raise BadInput(f"{part.name} and the other file of its name hold different rows.")
        found.append(_entry(part, content, count, certified=part.product in certified))
    if wrong := checks.miscounted(inputs, rows):
        raise BadInput(wrong)
    return found


def _counted_rows(content: _Counted, part: Part, scope: Scope) -> int | None:
    if part.columns is None:
        return None
    read: Iterator[TableRow] = tables.rows(content, name=part.name, columns=part.columns)
    sentences, count = checks.outside(scope, part, read)
    if sentences:
        raise BadInput("\n".join(sentences))
    return count


def _entry(part: Part, content: _Counted, rows: int | None, *, certified: bool) -> Entry:
    since, until = (part.period.start.isoformat(), part.period.end.isoformat()) if part.period else ("", "")
    return Entry(
        path=part.path, file=part.file, sha256=content.digest.hexdigest(), size=content.size, product=part.product,
        number=part.number, certified=certified, rows=rows, columns=part.columns, since=since, until=until,
    )  # fmt: skip


def _receipted(row: Production, manifest: str, entries: list[Entry], *, by: Actor, now: datetime) -> bool:
    """Record what was put together, once, and keep the receipt; tell whether the production still waits for it."""
    digest = sha256(manifest.encode()).hexdigest()
    if row.leaf:
        return row.manifest == digest
    failpoints.reach("before_receipt")
    with transaction.atomic():
        mine = Production.objects.filter(pk=row.pk, state=ProductionState.PREPARING, leaf="")
        if not mine.select_for_update().exists():
            return False
        receipt = audit.record(
            "production.assembled", by=by, at=now, matter=row.matter, production=row.pk, manifest=digest,
            scope=row.scope_digest, files=len(entries), size=sum(each.size for each in entries),
        )  # fmt: skip
        (entry,) = trail.by_receipt(receipt.leaf, within=trail.EVERY_MATTER)
        row.manifest, row.leaf, row.entry = digest, receipt.leaf, entry.body
        row.save(update_fields=["manifest", "leaf", "entry"])
    failpoints.reach("receipted")
    return True


def _packed(
    row: Production, inputs: Inputs, scope: Scope, guide: Guide, entries: list[Entry], manifest: str
) -> Package:
    """Print, sign, stamp, and write the package to the disk as one stream."""
    kind = CERTIFICATE if any(each.certified for each in entries) else DISCLAIMER if entries else NO_RECORDS
    tags = _tags(row, inputs, scope, guide, entries, manifest, kind)
    failpoints.reach("printed")
    tags[bag.TAGMANIFEST] = bag.manifest(
        {path: sha256(data).hexdigest() for path, data in tags.items()}
    ).encode()
    members = [Member(entry.path, documents.stream(entry.file), entry.size) for entry in entries]
    if not entries:
        tags[bag.SEARCHED] = bag.coverage_csv(inputs.coverage)
    members += [Member(path, [data], len(data)) for path, data in tags.items()]
    return Package(documents.put(archive.pack(members, folder=row.reference), matter=row.matter), kind)


def _tags(
    row: Production,
    inputs: Inputs,
    scope: Scope,
    guide: Guide,
    entries: list[Entry],
    manifest: str,
    kind: str,
) -> dict[str, bytes]:
    """Return every file of the bag outside data/, but the manifest of them."""
    carrier, statement, at = guide.carrier.name, PAPERS[kind], row.prepared_at
    authority = settings.TECUM_TIMESTAMP_AUTHORITY
    facts = {"TecumProduction": row.reference, "TecumManifest": row.manifest, "TecumScope": row.scope_digest}
    earlier = row.supplements.reference if row.supplements else ""
    signed = sealing.sign(
        printing.paper(
            title=TITLES[kind], guide=guide, reference=row.reference, facts=facts,
            body=_statement(row, inputs, guide, entries, kind),
        ),
        pem=Path(settings.TECUM_SIGNING_FILE), reason=f"Production {row.reference}",
    )  # fmt: skip
    coverage = printing.paper(
        title="What was asked, and what became of it", guide=guide, reference=row.reference, facts=facts,
        body=printing.accounted(inputs, guide) + printing.authorised(scope, guide),
    )  # fmt: skip
    sizes = [each.size for each in entries] or [len(bag.coverage_csv(inputs.coverage))]
    receipt = Receipt(row.leaf)
    origin = trail.state().origin
    texts = {
        "bagit.txt": bag.BAGIT,
        bag.INFO: bag.info(inputs, sizes, carrier=carrier, reference=row.reference, at=at),
        bag.MANIFEST: manifest,
        bag.SCOPE: scope.json(),
        bag.RECEIPT: bag.receipt(text=receipt.text, leaf=row.leaf, entry=bytes(row.entry), origin=origin),
        bag.CONTENTS: bag.contents(
            entries, statement=statement, kind=kind, reference=row.reference, inputs=inputs, supplements=earlier, at=at
        ),
        "README.txt": bag.readme(
            carrier=carrier, reference=row.reference, case=inputs.case.reference, statement=statement,
            stamped=bool(authority),
        ),
    }  # fmt: skip
    tags = {path: text.encode() for path, text in texts.items()}
    tags |= {
        statement: signed, bag.COVERAGE_PDF: coverage, bag.COVERAGE_CSV: bag.coverage_csv(inputs.coverage),
    }  # fmt: skip
    if authority:
        tags[bag.STAMP] = stamping.stamp(tags[bag.MANIFEST], authority=authority)
    return tags


def _statement(row: Production, inputs: Inputs, guide: Guide, entries: list[Entry], kind: str) -> str:
    """Return the body of the signed statement: the guide's words, and the files they are about."""
    papers, case = guide.productions, inputs.case
    values = {"process": case.process, "reference": row.reference}
    parts = []
    if kind == NO_RECORDS:
        letter = {**values, "case": case.reference}
        parts = [printing.said(guide, papers.no_records, letter), printing.accounted(inputs, guide)]
    certified = [each for each in entries if each.certified]
    if certified:
        who = inputs.declarant
        oath = {**values, "declarant": who.name, "title": who.title, "manifest": row.manifest}
        parts += [
            printing.said(guide, papers.certificate, oath),
            printing.files(certified, caption="Files that this certificate is about"),
        ]
    parts += _uncertified(guide, [each for each in entries if not each.certified])
    zone = guide.carrier.zone.tz
    return "".join(parts) + printing.signature(inputs, at=words.moment(row.prepared_at, zone))


def _uncertified(guide: Guide, entries: list[Entry]) -> list[str]:
    """Return what is said of files without a certificate: the general words, then each product's disclaimer (R-104)."""
    if not entries:
        return []
    products = {product.id: product for product in guide.products}
    wanted = [guide.productions.uncertified, *(products[each.product].disclaimer for each in entries)]
    wordings = list(dict.fromkeys(name for name in wanted if name))
    said = [printing.said(guide, name, {}) for name in wordings]
    return [
        "<h2>Files without a certificate</h2>",
        *said,
        printing.files(entries, caption="Files without a certificate"),
    ]


def _enter(row: Production, package: Package, *, by: Actor, now: datetime) -> bool:
    """Let the database know of the package; False where the production was withdrawn meanwhile."""
    kept = package.kept
    failpoints.reach("before_made")
    with transaction.atomic():
        columns = {
            "file": kept.id, "sha256": kept.sha256, "size": kept.size, "made_at": now, "kind": package.kind,
        }  # fmt: skip
        if not row.turn(ProductionState.MADE, **columns):
            return False
        documents.enter(kept, purpose="production", media_type=ZIP, by=by, now=now)
        audit.record(
            "production.made",
            by=by,
            at=now,
            matter=row.matter,
            production=row.pk,
            package=kept.sha256,
            size=kept.size,
        )
    failpoints.reach("made")
    return True


@transaction.atomic
def _stop(row: Production, why: str, *, by: Actor, now: datetime) -> None:
    columns = {"ended_at": now, "ended_by": by.ref, "why": sealed.close(row, "why", why)}
    if row.turn(ProductionState.STOPPED, **columns):
        audit.record("production.stopped", by=by, at=now, matter=row.matter, production=row.pk)
