"""`tecum audit …`, from the key to a bundle that a stranger checks."""

import subprocess
import sys
from pathlib import Path

import pytest

from tecum.audit import operations as audit
from tecum.audit import queries
from tecum.audit.models import TrailLeaf
from tecum.cli.main import main
from tecum_verify.trail import main as verifier
from tests.trails import NOON, RUIZ, happen


@pytest.fixture
def key(tmp_path, settings) -> Path:
    settings.TECUM_TRAIL_KEY_FILE = str(tmp_path / "own" / "trail.key")
    assert main(["audit", "key"]) == 0
    return tmp_path / "own" / "trail.pub"


@pytest.fixture
def trail(key, outside) -> None:
    happen(300)


def only_file(folder: Path) -> Path:
    (file,) = folder.rglob("*.checkpoint")
    return file


@pytest.mark.django_db(transaction=True)
@pytest.mark.both_databases
def test_what_is_exported_is_proved_by_a_program_that_has_nothing_of_ours(
    trail, key, outside, tmp_path, capsys
):
    assert main(["audit", "checkpoint"]) == 0
    bundle = tmp_path / "trail.tar"

    assert main(["audit", "export", str(bundle), "--reason", "audit"]) == 0

    # -I: no environment, no user's packages, not even this folder; and neither of the two may be imported.
    alone = (
        "import sys; sys.path.insert(0, sys.argv.pop(1)); sys.modules['django'] = sys.modules['tecum'] = None; "
        "from tecum_verify.trail import main; raise SystemExit(main())"
    )
    root = str(Path(__file__).resolve().parents[2])
    arguments = [str(bundle), "--checkpoint", str(only_file(outside)), "--key", str(key)]
    said = subprocess.run(
        [sys.executable, "-I", "-c", alone, root, *arguments], capture_output=True, text=True
    )
    assert (said.returncode, said.stderr) == (0, "")
    assert "good: nothing altered, nothing missing: entries 1 to 300" in said.stdout
    assert queries.since(NOON)[-1].event == "trail.exported"


@pytest.mark.django_db(transaction=True)
def test_what_happened_after_the_checkpoint_is_said_to_be_unanchored(trail, key, outside, tmp_path, capsys):
    main(["audit", "checkpoint"])
    kept = only_file(outside)
    audit.note("trail.searched", by=RUIZ, at=NOON, found=1, shown=1)
    audit.seal(now=NOON)
    main(["audit", "export", str(tmp_path / "b.tar"), "--reason", "audit"])
    capsys.readouterr()

    assert verifier([str(tmp_path / "b.tar"), "--checkpoint", str(kept), "--key", str(key)]) == 5
    assert "entry 301: sound, but no checkpoint from outside covers them yet" in capsys.readouterr().out


@pytest.mark.django_db(transaction=True)
@pytest.mark.both_databases
def test_verify_recomputes_from_the_tables_and_is_remembered(trail, capsys):
    main(["audit", "checkpoint"])

    assert main(["audit", "verify"]) == 0

    assert "entries 1 to 300" in capsys.readouterr().out
    last = queries.since(NOON)[-1]
    assert (last.event, last.data) == ("trail.verified", {"verdict": "good", "entries": 300, "anchored": 300})


@pytest.mark.django_db(transaction=True)
@pytest.mark.both_databases
def test_a_receipt_is_proved_by_one_file(trail, key, tmp_path, capsys):
    main(["audit", "checkpoint"])
    file = tmp_path / "one.tlog-proof"

    for number in (1, 2, 255, 256, 257, 299, 300):
        leaf = TrailLeaf.objects.get(position=number)
        capsys.readouterr()
        assert main(["audit", "proof", bytes(leaf.leaf_hash).hex()[:12].upper()]) == 0

        proof = capsys.readouterr().out
        file.write_text(proof)
        assert verifier([str(file), "--key", str(key)]) == 0
        assert f"good: entry {number:,} of example.net/trail" in capsys.readouterr().out
        file.write_text(proof.replace(f"index {number - 1}\n", f"index {number}\n"))
        assert verifier([str(file), "--key", str(key)]) == 4


@pytest.mark.django_db(transaction=True)
def test_a_receipt_of_a_moment_ago_says_that_it_is_not_final_yet(trail, capsys):
    receipt = audit.note("trail.searched", by=RUIZ, at=NOON, found=1, shown=1)

    assert main(["audit", "proof", receipt.text]) == 1
    assert "gets its place within a minute" in capsys.readouterr().err
    assert main(["audit", "proof", "0000-0000-0000"]) == 1
    assert "No entry has this receipt" in capsys.readouterr().err


@pytest.mark.django_db(transaction=True)
def test_a_key_is_never_overwritten_and_never_readable_by_others(key, settings, capsys):
    file = Path(settings.TECUM_TRAIL_KEY_FILE)
    before = file.read_text()

    assert main(["audit", "key"]) == 1
    assert "there is a key" in capsys.readouterr().err.lower()
    assert file.read_text() == before
    assert file.stat().st_mode & 0o777 == 0o600
    file.chmod(0o644)
    assert main(["audit", "checkpoint"]) == 1
    assert "chmod 600" in capsys.readouterr().err


@pytest.mark.django_db(transaction=True)
def test_without_a_key_the_fix_is_said(settings, tmp_path, capsys):
    settings.TECUM_TRAIL_KEY_FILE = str(tmp_path / "none")

    assert main(["audit", "checkpoint"]) == 1
    assert "tecum audit key" in capsys.readouterr().err


@pytest.mark.django_db(transaction=True)
def test_an_empty_trail_exports_nothing_and_verifies(key, tmp_path, capsys):
    assert main(["audit", "export", str(tmp_path / "b.tar"), "--reason", "audit"]) == 1
    assert "no sealed entry" in capsys.readouterr().err
    assert not (tmp_path / "b.tar").exists()
    assert main(["audit", "verify"]) == 0


@pytest.mark.django_db(transaction=True)
@pytest.mark.both_databases
def test_after_a_restore_a_new_log_names_the_last_checkpoint_and_both_stay_provable(
    trail, key, outside, tmp_path, capsys
):
    main(["audit", "checkpoint"])
    kept = only_file(outside)
    audit.note("trail.searched", by=RUIZ, at=NOON, found=1, shown=1)

    assert main(["audit", "open", "example.net/trail-2", "--earlier", str(kept)]) == 0

    first = TrailLeaf.objects.get(log__origin="example.net/trail-2")
    assert (first.position, first.event) == (1, "trail.opened")
    assert b'"earlier_size":300' in bytes(first.body)
    assert main(["audit", "checkpoint"]) == 0
    assert main(["audit", "verify"]) == 0
    assert (
        main(["audit", "verify", "--origin", "example.net/trail"]) == 5
    )  # entry 301 came after the checkpoint
    old, new = tmp_path / "old.tar", tmp_path / "new.tar"
    main(["audit", "export", str(old), "--reason", "incident", "--origin", "example.net/trail"])
    main(["audit", "export", str(new), "--reason", "incident"])
    newer = next((outside / "example.net_trail-2").rglob("*.checkpoint"))
    assert verifier([str(old), "--checkpoint", str(kept), "--key", str(key)]) == 5
    assert verifier([str(new), "--checkpoint", str(newer), "--key", str(key)]) in (0, 5)
    assert verifier([str(new), "--checkpoint", str(kept), "--key", str(key)]) == 1
    assert main(["audit", "open", "example.net/trail", "--earlier", str(kept)]) == 1
    assert main(["audit", "open", "example.net/trail-3", "--earlier", str(key)]) == 1
