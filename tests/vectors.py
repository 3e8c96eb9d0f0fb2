"""`python -m tests.vectors` writes the published test vectors of the verifier anew; they only change with the format."""

import contextlib
import io
import json
import os
import shutil
from hashlib import sha256
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
django.setup()

from tecum.audit.rules import Payload  # noqa: E402
from tecum_verify.merkle import inclusion_proof, leaf_hash, nodes_of  # noqa: E402
from tecum_verify.proofs import Proof  # noqa: E402
from tecum_verify.trail import main  # noqa: E402
from tests.trails import KEY, bundle, destruction, leaf, signed  # noqa: E402

FOLDER = Path(__file__).resolve().parents[1] / "tecum_verify" / "vectors"


def write() -> None:
    """Write every vector and, beside them, the verdict of the verifier, for people to read before they commit."""
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir()
    (FOLDER / "key.pub").write_text(f"{KEY.public}\n")
    trail = [leaf(n) for n in range(9)]
    trail[2] = leaf(2, payload=Payload("epoch-2025", b"destroyed"))
    trail[5] = leaf(5, payload=Payload("epoch-2026", b"sealed"))
    trail[7] = destruction("epoch-2025")
    sealed = {6: b"sealed"}
    (FOLDER / "all.checkpoint").write_text(signed(trail))
    (FOLDER / "old.checkpoint").write_text(signed(trail, 6))
    hashes = [leaf_hash(each) for each in trail]
    edit = [*trail[:3], trail[3].replace(b"ruiz", b"rios"), *trail[4:]]
    bundle(FOLDER / "good", trail, notes=[signed(trail, 4), signed(trail)], payloads=sealed)
    bundle(FOLDER / "edited", edit, hashes=hashes, payloads=sealed)
    bundle(
        FOLDER / "gap",
        [*trail[:3], b"-", *trail[4:]],
        hashes=[*hashes[:3], bytes(32), *hashes[4:]],
        payloads=sealed,
    )
    bundle(FOLDER / "cut", trail[:7], notes=[signed(trail[:7])], payloads=sealed)
    bundle(FOLDER / "rewritten", edit, notes=[signed(edit)], payloads=sealed)
    bundle(FOLDER / "payload-gone", trail, payloads={})
    bundle(
        FOLDER / "withheld",
        [*trail[:3], b"=" + sha256(b"\x00" + trail[3]).hexdigest().encode(), *trail[4:]],
        hashes=hashes,
        payloads=sealed,
    )
    proof = Proof(trail[3], 3, inclusion_proof(nodes_of(hashes), 3, 9), signed(trail))
    (FOLDER / "entry-4.tlog-proof").write_text(str(proof))
    false = Proof(edit[3], 3, proof.hashes, proof.note)
    (FOLDER / "entry-4-edited.tlog-proof").write_text(str(false))
    cases = [
        _case(name, ["all.checkpoint"]) for name in sorted(p.name for p in FOLDER.iterdir() if p.is_dir())
    ]
    cases += [_case("good", ["old.checkpoint"]), _case("rewritten", ["old.checkpoint"])]
    cases += [_case("entry-4.tlog-proof", []), _case("entry-4-edited.tlog-proof", [])]
    (FOLDER / "cases.json").write_text(json.dumps(cases, indent=1) + "\n")


def _case(name: str, checkpoints: list[str]) -> dict[str, object]:
    words = [str(FOLDER / name), "--key", str(FOLDER / "key.pub")]
    for each in checkpoints:
        words += ["--checkpoint", str(FOLDER / each)]
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        code = main(words)
    return {"bundle": name, "checkpoints": checkpoints, "code": code, "says": said.getvalue()}


if __name__ == "__main__":
    write()
