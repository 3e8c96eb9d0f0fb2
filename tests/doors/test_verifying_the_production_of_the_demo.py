"""
The production that the demo makes, in the hands of four programs that are not ours or stand alone: `sha256sum -c`,
`bagit.py --validate`, `pdfsig` and `tecum-verify-production`; and what each says when somebody changes a part of it.
"""

import re
import shutil
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings as ours

from tecum.cli.demo import cast, numbers, production, seed
from tecum.config import clock
from tests.productions import package, signing  # noqa: F401

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.slow,
    pytest.mark.usefixtures("signing"),
]
GOOD, CHANGED = 0, 2
SECRET = "2925550199"


@pytest.fixture
def bag(tmp_path: Path, settings) -> Path:
    """Let the demo's desk answer its subpoena, as `./run demo` does, and unpack what the detective would fetch."""
    settings.MEDIA_ROOT, settings.TECUM_EPOCH_KEYS = tmp_path / "files", str(tmp_path / "keys")
    settings.TECUM_GUIDE = "halyard"
    settings.DATA = tmp_path
    now = clock.now()
    seed.people_of_the_demo(now - timedelta(days=60))
    ids = seed.providers(now - timedelta(days=60))
    seed._load(tmp_path / "numbers.csv", ids, later=False, at=now - timedelta(days=60))
    id = production.deliver(now=now, operator=seed.OPERATOR, actor_of=lambda who: seed.at_work(who, now))
    (tmp_path / "answer.zip").write_bytes(package(id))
    shutil.unpack_archive(tmp_path / "answer.zip", tmp_path)
    (folder,) = (path for path in tmp_path.iterdir() if path.name.startswith("PR-"))
    return folder


def told(*words: object, within: Path) -> tuple[int, str]:
    """Run a program as the how-to says, and return its exit code and all that it says."""
    done = subprocess.run(
        [str(word) for word in words], cwd=within, capture_output=True, text=True, check=False
    )
    return done.returncode, done.stdout + done.stderr


def sums(bag: Path) -> tuple[int, str]:
    first, said = told("sha256sum", "-c", "manifest-sha256.txt", within=bag)
    second, more = told("sha256sum", "-c", "tagmanifest-sha256.txt", within=bag)
    return first or second, said + more


def bagit(bag: Path) -> tuple[int, str]:
    return told(
        sys.executable, Path(sys.executable).parent / "bagit.py", "--validate", bag.name, within=bag.parent
    )


def signature(bag: Path) -> tuple[int, str]:
    code, said = told("pdfsig", "certificate.pdf", within=bag)
    good = "Signature is Valid" in said and "Total document signed" in said
    return code if good else code or 1, said


def verifier(bag: Path) -> tuple[int, str]:
    return told(sys.executable, "-m", "tecum_verify.production", bag, within=ours.ROOT)


TOOLS = {"sha256sum": sums, "bagit": bagit, "pdfsig": signature, "tecum-verify-production": verifier}


def who_notices(bag: Path) -> dict[str, str]:
    """Return what each program that is not content says."""
    found = {name: tool(bag) for name, tool in TOOLS.items()}
    return {name: said for name, (code, said) in found.items() if code}


def test_all_four_find_it_good_and_each_part_that_is_changed_is_named(bag, tmp_path):
    assert who_notices(bag) == {}, "untouched, nobody complains"
    assert SECRET not in "".join(path.read_text("latin-1") for path in bag.rglob("*.csv"))
    parts = sorted(path.relative_to(bag) for path in bag.rglob("*") if path.is_file())
    assert {path.suffix for path in parts} >= {".csv", ".xlsx", ".pdf", ".json", ".txt"}

    for part in parts:
        changed = tmp_path / "changed" / bag.name
        shutil.rmtree(changed.parent, ignore_errors=True)
        shutil.copytree(bag, changed)
        whole = (changed / part).read_bytes()
        middle = len(whole) // 2
        (changed / part).write_bytes(whole[:middle] + bytes([whole[middle] ^ 1]) + whole[middle + 1 :])

        noticed = who_notices(changed)

        assert "tecum-verify-production" in noticed, f"{part}: our verifier says nothing"
        assert "sha256sum" in noticed or part.name == "tagmanifest-sha256.txt", (
            f"{part}: sha256sum says nothing"
        )
        assert "bagit" in noticed, f"{part}: bagit says nothing"
        if part.name == "certificate.pdf":
            assert "pdfsig" in noticed
        if "manifest" not in part.name:
            for name in ("sha256sum", "bagit", "tecum-verify-production"):
                assert str(part) in noticed[name], f"{part} is not named by {name}: {noticed[name]}"


def test_a_row_that_is_added_with_every_sum_made_anew_is_named_by_our_verifier_alone(bag):
    """Whoever can make every sum anew deceives the three programs that look at bytes; the scope is what tells."""
    (table,) = (bag / "data").glob("*.csv")
    lines = table.read_text("utf-8-sig").splitlines(keepends=True)
    table.write_text(
        "".join([*lines, lines[-1].replace(production.NUMBER, SECRET)]), encoding="utf-8-sig", newline=""
    )
    anew(bag)

    noticed = who_notices(bag)

    assert "sha256sum" not in noticed and "bagit" not in noticed and "pdfsig" not in noticed
    assert str(table.relative_to(bag)) in noticed["tecum-verify-production"]


def anew(bag: Path) -> None:
    """Make the sums of a changed bag anew, as somebody would who wants it believed."""
    for name in ("manifest-sha256.txt", "bag-info.txt", "tagmanifest-sha256.txt"):
        path = bag / name
        if name == "bag-info.txt":
            files = [each for each in (bag / "data").rglob("*") if each.is_file()]
            oxum = f"Payload-Oxum: {sum(each.stat().st_size for each in files)}.{len(files)}"
            path.write_text(re.sub(r"Payload-Oxum: .*", oxum, path.read_text()))
            continue
        listed = [line.split(maxsplit=1)[1] for line in path.read_text().splitlines()]
        code, said = told("sha256sum", *listed, within=bag)
        assert code == GOOD, said
        path.write_text(said)


def test_the_how_to_names_the_four_commands():
    text = (Path(ours.ROOT) / "docs" / "how-to" / "verify-a-production.md").read_text()

    for command in (
        "sha256sum -c manifest-sha256.txt",
        "bagit.py --validate",
        "pdfsig certificate.pdf",
        "tecum-verify-production",
    ):
        assert command in text
    assert numbers and cast.PASSWORD
