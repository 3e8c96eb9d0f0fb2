"""`tecum-verify`: every exit code, from the published vectors and from bundles spoilt in other ways."""

import json
from hashlib import sha256
from pathlib import Path

import pytest

from tecum.audit.rules import Payload
from tecum_verify import blocks
from tecum_verify.trail import main
from tests.trails import KEY, bundle, destruction, leaf, signed, verify

VECTORS = Path(__file__).resolve().parents[2] / "tecum_verify" / "vectors"
CASES = json.loads((VECTORS / "cases.json").read_text())


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["bundle"])
def test_the_published_vectors_give_their_published_verdicts(case, capsys):
    arguments = [str(VECTORS / case["bundle"]), "--key", str(VECTORS / "key.pub")]
    for name in case["checkpoints"]:
        arguments += ["--checkpoint", str(VECTORS / name)]

    code = main(arguments)

    assert (code, capsys.readouterr().out) == (case["code"], case["says"])


def test_an_edited_entry_is_named(tmp_path, capsys):
    trail = [leaf(n) for n in range(9)]
    before = [sha256(b"\x00" + each).digest() for each in trail]
    note = signed(trail)
    trail[4] = trail[4].replace(b"ruiz", b"rios")

    assert verify(bundle(tmp_path / "b", trail, hashes=before), note) == 2
    assert "edited: entry 5: the bytes no longer give" in capsys.readouterr().out


def test_a_gap_is_named(tmp_path, capsys):
    trail = [leaf(n) for n in range(9)]
    note = signed(trail)
    before = [sha256(b"\x00" + each).digest() for each in trail]
    trail[4] = trail[5] = b"-"

    assert verify(bundle(tmp_path / "b", trail, hashes=before), note) == 3
    assert "missing: entries 5 to 6: missing where it should stand" in capsys.readouterr().out


def test_where_two_histories_part_is_narrowed_down_by_the_checkpoints_that_still_agree(tmp_path, capsys):
    trail = [leaf(n) for n in range(30)]
    kept = [signed(trail, 10), signed(trail, 20), signed(trail, 30)]
    forged = [*trail[:14], leaf(999), *trail[15:]]
    files = []
    for n, note in enumerate(kept):
        (tmp_path / f"{n}.checkpoint").write_text(note)
        files += ["--checkpoint", str(tmp_path / f"{n}.checkpoint")]

    assert verify(bundle(tmp_path / "b", forged), kept[0], *files) == 4
    assert "inconsistent: entries 11 to 20: another history" in capsys.readouterr().out


def test_a_payload_is_proved_by_its_leaf_and_a_changed_one_is_found(tmp_path, capsys):
    trail = [leaf(0), leaf(1, payload=Payload("epoch-2026", b"ciphertext")), leaf(2)]

    assert verify(bundle(tmp_path / "b", trail, payloads={2: b"ciphertext"}), signed(trail)) == 0
    assert "payloads: 1 sealed, 0 destroyed" in capsys.readouterr().out
    assert verify(bundle(tmp_path / "b", trail, payloads={2: b"cipherTEXT"}), signed(trail)) == 2
    assert verify(bundle(tmp_path / "b", trail, payloads={2: b"ciphertext", 3: b"x"}), signed(trail)) == 2
    assert verify(bundle(tmp_path / "b", trail), signed(trail)) == 3
    assert "its payload is gone and no entry says it was destroyed" in capsys.readouterr().out


def test_a_payload_destroyed_by_an_entry_that_says_so_leaves_the_trail_good(tmp_path, capsys):
    trail = [leaf(1, payload=Payload("epoch-2026", b"ciphertext")), destruction("epoch-2026")]

    assert verify(bundle(tmp_path / "b", trail), signed(trail)) == 0
    assert "payloads: 0 sealed, 1 destroyed" in capsys.readouterr().out


@pytest.mark.parametrize(
    "trail",
    [
        lambda: [leaf(1, payload=Payload("epoch-2026", b"c")), destruction("epoch-2025")],
        lambda: [destruction("epoch-2026"), leaf(1, payload=Payload("epoch-2026", b"c"))],
    ],
    ids=["another epoch", "said before"],
)
def test_a_destruction_of_something_else_excuses_nothing(tmp_path, trail, capsys):
    assert verify(bundle(tmp_path / "b", trail()), signed(trail())) == 3


def test_withheld_entries_are_proved_by_their_hash_and_counted(tmp_path, capsys):
    trail = [leaf(n) for n in range(5)]
    hashes = [sha256(b"\x00" + each).digest() for each in trail]
    shown = [trail[0], b"=" + hashes[1].hex().encode(), *trail[2:]]

    assert verify(bundle(tmp_path / "b", shown, hashes=hashes), signed(trail)) == 0
    assert "withheld: 1, " in capsys.readouterr().out
    shown[1] = b"=" + sha256(b"other").hexdigest().encode()
    assert verify(bundle(tmp_path / "b", shown, hashes=hashes), signed(trail)) == 2


@pytest.mark.parametrize("cut", [0, 1, 17, 32 * 3])
def test_hashes_that_were_cut_off_are_found(tmp_path, cut, capsys):
    trail = [leaf(n) for n in range(5)]
    folder = bundle(tmp_path / "b", trail)
    data = (folder / "hashes.bin").read_bytes()
    (folder / "hashes.bin").write_bytes(data[: len(data) - cut])

    assert verify(folder, signed(trail)) == (2 if cut else 0)


def test_a_bundle_shorter_than_it_says_is_missing_its_end(tmp_path, capsys):
    trail = [leaf(n) for n in range(5)]

    assert verify(bundle(tmp_path / "b", trail, entries=7), signed(trail)) == 3


def test_a_checkpoint_in_the_bundle_that_the_key_did_not_sign_is_a_contradiction(tmp_path, capsys):
    trail = [leaf(n) for n in range(5)]

    assert verify(bundle(tmp_path / "b", trail, notes=["x"]), signed(trail)) == 4
    assert (
        verify(
            bundle(tmp_path / "b", trail, notes=[signed(trail, 3, origin="example.net/other")]), signed(trail)
        )
        == 4
    )
    assert verify(bundle(tmp_path / "b", trail, notes=[signed([leaf(9)] * 3)]), signed(trail)) == 4


def test_an_empty_line_or_one_that_is_no_json_is_an_edit_not_a_crash(tmp_path, capsys):
    trail = [leaf(n) for n in range(5)]
    hashes = [sha256(b"\x00" + each).digest() for each in trail]

    for spoilt in (
        b"",
        b"\xff\xfe",
        b'{"sealed":{',
        b'{"sealed":{}}',
        b'{"event":"trail.payloads_destroyed","data":[]}',
    ):
        assert (
            verify(bundle(tmp_path / "b", [*trail[:2], spoilt, *trail[3:]], hashes=hashes), signed(trail))
            == 2
        )


def test_whatever_cannot_be_checked_is_neither_good_nor_edited(tmp_path, capsys):
    trail = [leaf(n) for n in range(5)]
    good = bundle(tmp_path / "b", trail)
    (tmp_path / "key.pub").write_text(str(KEY.public))
    (tmp_path / "kept").write_text(signed(trail))
    key, kept = ["--key", str(tmp_path / "key.pub")], ["--checkpoint", str(tmp_path / "kept")]

    assert main([str(good), *key, *kept]) == 0
    assert main([str(good), *key]) == 1
    assert main([str(tmp_path / "nowhere"), *key, *kept]) == 1
    assert main([str(tmp_path / "kept"), *key, *kept]) == 1
    assert main([str(good), "--key", str(tmp_path / "kept"), *kept]) == 1
    assert main([str(good), *key, "--checkpoint", str(tmp_path / "key.pub")]) == 1
    assert verify(good, signed(trail, origin="example.net/other")) == 1
    with pytest.raises(SystemExit, match="1"):
        main([str(good), *kept])
    with pytest.raises(SystemExit, match="1"):
        main([str(good), *key, *kept, "--receipt", "no receipt"])
    (good / "manifest.json").write_text("{}")
    assert main([str(good), *key, *kept]) == 1
    (good / "manifest.json").write_text("nonsense")
    assert main([str(good), *key, *kept]) == 1


def test_a_receipt_is_found_in_the_bundle(tmp_path, capsys):
    trail = [leaf(n) for n in range(5)]
    receipt = sha256(b"\x00" + trail[3]).hexdigest()[:12].upper()

    assert verify(bundle(tmp_path / "b", trail), signed(trail), "--receipt", receipt) == 0
    assert f"receipt {receipt} is entry 4: " in capsys.readouterr().out
    assert verify(bundle(tmp_path / "b", trail), signed(trail), "--receipt", "0000-0000-0000") == 3


def test_a_program_can_read_the_verdict(tmp_path, capsys):
    trail = [leaf(n) for n in range(5)]

    assert verify(bundle(tmp_path / "b", trail), signed(trail, 3), "--json") == 5
    said = json.loads(capsys.readouterr().out)
    assert (said["code"], said["entries"], said["anchored"]) == (5, 5, 3)
    assert [(each["kind"], each["first"], each["last"]) for each in said["findings"]] == [
        ("unanchored", 4, 5)
    ]


def test_large_trails_are_read_in_blocks_and_checkpoints_inside_a_block_are_compared(tmp_path, capsys):
    trail = [leaf(n) for n in range(6_000)]
    own = [signed(trail, size) for size in (1, 255, 4095, 4096, 4097, 5999)]

    assert verify(bundle(tmp_path / "b", trail, notes=own), signed(trail)) == 0
    own[3] = signed([*trail[:4000], leaf(9_999), *trail[4001:]], 4096)
    assert verify(bundle(tmp_path / "b", trail, notes=own), signed(trail)) == 4
    assert "entry 4,096: another history" in capsys.readouterr().out


@pytest.mark.parametrize("forged", [False, True])
def test_side_by_side_or_one_after_the_other_the_verdict_is_the_same(tmp_path, monkeypatch, capsys, forged):
    trail = [leaf(n, payload=Payload("epoch-2026", b"c") if n % 1000 == 7 else None) for n in range(12_000)]
    notes = [signed(trail, size) for size in (1, 4096, 5000, 11_999)]
    note = signed(trail)
    if forged:
        trail[6000] = leaf(99_999)
    folder = bundle(
        tmp_path / "b", trail, notes=notes, payloads={n + 1: b"c" for n in range(7, 12_000, 1000)}
    )

    alone = verify(folder, note, "--json"), capsys.readouterr().out
    monkeypatch.setattr(blocks, "WORTH_IT", 0)
    monkeypatch.setattr(blocks, "BLOCK", 1 << 17)
    monkeypatch.setattr(blocks.os, "cpu_count", lambda: 3)
    together = verify(folder, note, "--json"), capsys.readouterr().out

    assert together == alone
    assert alone[0] == (4 if forged else 0)
