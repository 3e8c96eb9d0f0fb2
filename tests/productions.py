"""Makers for productions: a matter with files, a scope, and every step to a package in somebody's hands."""

import io
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.db import transaction

from tecum.cases.facts import Contact
from tecum.documents import operations as documents
from tecum.documents import spreadsheets
from tecum.kernel.actors import Actor
from tecum.kernel.periods import Period
from tecum.policy import queries as policy
from tecum.production import operations as productions
from tecum.production.drivers import sealing
from tecum.production.rules.facts import CALLS, Asked, CaseFacts, Coverage, Declarant, Inputs, Outcome, Part
from tecum.production.rules.views import Receivers
from tecum.records.rules.scope import Grant, Scope
from tecum.secrecy import operations as secrecy
from tests import make
from tests.make import NOON, acting

SYSTEM = Actor.system("tests")
NUMBER = "2925550142"
JULY = Period(datetime(2026, 7, 1, tzinfo=UTC), datetime(2026, 8, 1, tzinfo=UTC))
HEADER = ["Target Number", "Direction", "Called Number", "Start Time (UTC)", "Duration (s)"]
CLAUSE = "Subpoena 26-114, item 1: all call-detail records of the number for July 2026"


@pytest.fixture
def signing(tmp_path_factory, settings):
    """Give the carrier a certificate that it made itself."""
    path = Path(tmp_path_factory.getbasetemp()) / "signing.pem"
    if not path.exists():
        sealing.create(path, carrier="Example Carrier", now=NOON)
    settings.TECUM_SIGNING_FILE = str(path)
    return path


def calls(count: int, *, number: str = NUMBER, begin: datetime = JULY.start) -> list[list[str]]:
    return [
        [number, "outgoing", "3925550101", (begin + timedelta(hours=n)).isoformat(), "60"]
        for n in range(count)
    ]


def csv_of(rows: Iterable[list[str]]) -> bytes:
    return spreadsheets.as_csv(notes=["Confidential. Times in UTC."], header=HEADER, rows=rows)


def xlsx_of(rows: Iterable[list[str]]) -> bytes:
    return spreadsheets.as_xlsx(title="Calls", notes=["Confidential."], header=HEADER, rows=rows)


def stored(content: bytes, *, matter: str, now: datetime = NOON) -> str:
    with transaction.atomic():
        return documents.store(
            content, matter=matter, purpose="records", media_type="text/csv", by=SYSTEM, now=now
        ).id


@dataclass
class Case:
    """One case with its scope, the files it would get, and who is about."""

    facts: CaseFacts
    scope: Scope
    inputs: Inputs
    preparer: Actor
    approver: Actor
    officer: Actor
    agency: object

    def prepare(self, now: datetime = NOON, **more) -> str:
        return productions.prepare(inputs=self.inputs, scope=self.scope, by=self.preparer, now=now, **more)

    def made(self, now: datetime = NOON) -> str:
        id = self.prepare(now)
        assert productions.make(production=id, by=Actor.system("jobs"), now=now)
        return id

    @property
    def receivers(self) -> Receivers:
        return Receivers(people=(self.officer.ref,))

    def released(self, now: datetime = NOON, receivers: Receivers | None = None) -> str:
        id = self.made(now)
        self.release(id, now, receivers)
        return id

    def release(self, id: str, now: datetime = NOON, receivers: Receivers | None = None) -> None:
        proposal = productions.propose_release(
            production=id, receivers=receivers or self.receivers, by=self.preparer, now=now
        )
        productions.approve_release(production=id, approval=proposal.id, by=self.approver, now=now)

    def handed(self, now: datetime = NOON) -> str:
        id = self.released(now)
        return productions.hand_to_account(production=id, person=self.officer.ref, by=self.preparer, now=now)


def case(
    *,
    rows: int = 3,
    product: str = "cdr",
    files: Iterable[str] = ("csv", "xlsx"),
    now: datetime = NOON,
    kind: str = "productions",
) -> Case:
    """Return a case whose July calls were asked for and are to be produced."""
    agency = make.agency(now=now)
    officer = make.officer("Dana Ruiz", at=agency, now=now)
    analyst, second = (
        make.person(name, roles=["subpoena_analyst"]) for name in ("Ada Lindqvist", "Bo Farrow")
    )
    with transaction.atomic():
        matter = secrecy.open_matter(kind=kind, by=SYSTEM, now=now)
    home = make.legal_case(agency=agency.id, contact=Contact(email=officer.email), now=now)
    facts = CaseFacts(
        id=home.id, reference="L-7Q2M-40VX", matter=matter, agency=agency.id, agency_name=agency.name,
        process="subpoena 26-114 of Marrow County", contact="Dana Ruiz", address=officer.email,
    )  # fmt: skip
    grant = Grant(product, NUMBER, JULY, CLAUSE)
    scope = Scope(matter=matter, guide=policy.at(now).version, grants=(grant,))
    content = {"csv": csv_of(calls(rows)), "xlsx": xlsx_of(calls(rows))}
    parts = tuple(
        Part(
            stored(content[form], matter=matter, now=now),
            f"L-7Q2M-40VX_{NUMBER}_CDR.{form}",
            product,
            NUMBER,
            CALLS,
        )
        for form in files
    )
    outcome = Outcome.PRODUCED if parts else Outcome.NONE
    line = Coverage(product, NUMBER, JULY, outcome, held=bool(parts), rows=rows if parts else 0)
    inputs = Inputs(
        case=facts, parts=parts, asked=(Asked(product, NUMBER, JULY),), coverage=(line,),
        declarant=Declarant("Ada Lindqvist", "Custodian of Records"),
    )  # fmt: skip
    productions.set_scope(case=facts.id, scope=scope, by=acting(analyst), now=now)
    return Case(facts, scope, inputs, acting(analyst), acting(second), acting(officer), agency)


def with_parts(found: Case, parts: Iterable[Part], coverage: Iterable[Coverage] | None = None) -> Case:
    inputs = replace(found.inputs, parts=tuple(parts))
    if coverage is not None:
        inputs = replace(inputs, coverage=tuple(coverage))
    return replace(found, inputs=inputs)


def package(id: str) -> bytes:
    """Return the bytes of a package, as whoever fetches it gets them."""
    from tecum.models import Production

    return documents.read(Production.objects.get(pk=id).file)


def unpacked(content: bytes, folder: Path) -> Path:
    """Unpack a package and return the folder of its bag."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        archive.extractall(folder)
    (bag,) = folder.iterdir()
    return bag


def guide(name: str) -> str:
    return str(Path(settings.ROOT) / "guides" / name)
