"""Trails for tests: made in memory, as a bundle, and as an administrator would rewrite them."""

import json
from base64 import b64encode
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.db import connection, transaction

from tecum.audit import operations as audit
from tecum.audit import rules
from tecum.audit.catalogue import Kind
from tecum.audit.drivers.keys import SigningKey
from tecum.audit.models import TrailCheckpoint, TrailLeaf, TrailLog, TrailNode, peaks_of
from tecum.kernel.actors import Actor, ActorKind
from tecum_verify import trail as verifier
from tecum_verify.merkle import Row, Tree, leaf_hash, root_of
from tecum_verify.notes import Checkpoint
from tests.guards import lift

NOON = datetime(2026, 9, 8, 16, 0, tzinfo=UTC)
ORIGIN = "example.net/trail"
KEY = SigningKey(ORIGIN, Ed25519PrivateKey.from_private_bytes(bytes(range(32))))
RUIZ = Actor(ref="person:ruiz", kind=ActorKind.PERSON, agency="agency1")
ADMINISTRATOR = Actor(ref="person:root", kind=ActorKind.PERSON)


def happen(times: int) -> None:
    """Let something happen so many times, in one transaction: one wait for the disk."""
    with transaction.atomic():
        for n in range(times):
            audit.record("keys.rotated", by=RUIZ, at=NOON, epochs=n)


def leaf(number: int, *, payload: rules.Payload | None = None, matter: str = "") -> bytes:
    """Return the bytes of an invented entry."""
    return rules.leaf(
        "trail.searched",
        kind=Kind.ACCESS,
        by=RUIZ,
        at=NOON + timedelta(seconds=number),
        matter=matter,
        data={"found": number, "shown": 1},
        salt=number.to_bytes(16, "big"),
        payload=payload,
    ).body


def destruction(epoch: str) -> bytes:
    """Return the bytes of the entry that says that an epoch's payloads were destroyed."""
    return rules.leaf(
        "trail.payloads_destroyed",
        kind=Kind.CHANGE,
        by=ADMINISTRATOR,
        at=NOON,
        matter="",
        data={"epoch": epoch, "payloads": 1},
        salt=bytes(16),
    ).body


def signed(
    leaves: Sequence[bytes], size: int | None = None, *, origin: str = ORIGIN, key: SigningKey = KEY
) -> str:
    """Return the checkpoint over the first leaves, as the carrier's key signs it."""
    count = len(leaves) if size is None else size
    return key.sign(str(Checkpoint(origin, count, root_of(leaf_hash(each) for each in leaves[:count]))))


def bundle(
    folder: Path,
    leaves: Sequence[bytes],
    *,
    hashes: Sequence[bytes] | None = None,
    notes: Sequence[str] = (),
    payloads: dict[int, bytes] | None = None,
    entries: int | None = None,
) -> Path:
    """Write a bundle as a folder; whatever is not given is computed, as somebody who rewrites it would."""
    folder.mkdir(exist_ok=True, parents=True)
    stored = [leaf_hash(each) for each in leaves] if hashes is None else hashes
    manifest = {
        "format": "tecum-trail-bundle/1",
        "origin": ORIGIN,
        "entries": len(leaves) if entries is None else entries,
    }
    (folder / "manifest.json").write_text(json.dumps(manifest))
    (folder / "leaves.jsonl").write_bytes(b"".join(each + b"\n" for each in leaves))
    (folder / "hashes.bin").write_bytes(b"".join(stored))
    (folder / "checkpoints.jsonl").write_text("".join(f"{json.dumps(note)}\n" for note in notes))
    lines = (b"%d\t%s\n" % (place, b64encode(data)) for place, data in sorted((payloads or {}).items()))
    (folder / "payloads.tsv").write_bytes(b"".join(lines))
    return folder


def verify(bundle: Path, note: str, *more: str, key: SigningKey = KEY) -> int:
    """Run `tecum-verify` on a bundle with a checkpoint that somebody kept, and return its exit code."""
    kept, public = bundle.parent / "kept.checkpoint", bundle.parent / "key.pub"
    kept.write_text(note)
    public.write_text(f"{key.public}\n")
    return verifier.main([str(bundle), "--checkpoint", str(kept), "--key", str(public), *more])


def attacks(leaves: Sequence[bytes]) -> dict[str, list[bytes]]:
    """Return every single edit, deletion, insertion, swap and truncation of a trail."""
    whole, size = list(leaves), len(leaves)
    found: dict[str, list[bytes]] = {}
    for i in range(size):
        found[f"edit {i + 1}"] = [*whole[:i], whole[i].replace(b"ruiz", b"rios"), *whole[i + 1 :]]
        found[f"delete {i + 1}"] = [*whole[:i], *whole[i + 1 :]]
        found[f"truncate to {i}"] = whole[:i]
        for j in range(i + 1, size):
            found[f"swap {i + 1} and {j + 1}"] = [
                *whole[:i],
                whole[j],
                *whole[i + 1 : j],
                whole[i],
                *whole[j + 1 :],
            ]
    for i in range(size):  # after the last one it would be what happens next
        found[f"insert before {i + 1}"] = [*whole[:i], leaf(10_000 + i), *whole[i:]]
    return found


def rewrite(log: TrailLog, leaves: Sequence[bytes]) -> None:
    """
    Do what an administrator of the database with the signing key can do: lift the guards, replace the
    entries, and recompute hashes, positions, nodes, peaks and checkpoints.
    """
    lift_guards()
    sizes = list(TrailCheckpoint.objects.filter(log=log).values_list("size", flat=True))
    with connection.cursor() as cursor:
        for table in ["trailanchor", "trailcheckpoint", "trailnode", "trailleaf"]:
            cursor.execute(f"DELETE FROM tecum_{table}")
    TrailLeaf.objects.bulk_create(
        TrailLeaf(
            log=log, position=place, body=body, leaf_hash=leaf_hash(body), **rules.columns(json.loads(body))
        )
        for place, body in enumerate(leaves, 1)
    )
    tree, rows = Tree(), list[Row]()
    tree.extend([leaf_hash(each) for each in leaves], rows)
    TrailLog.objects.filter(pk=log.pk).update(size=tree.size, peaks=peaks_of(tree))
    TrailNode.objects.bulk_create(
        TrailNode(log=log, height=height, index=first + offset, hash=node)
        for height, first, row in rows
        if height and height % 8 == 0
        for offset, node in enumerate(row)
    )
    for size in {min(size, len(leaves)) for size in sizes}:
        part = Tree()
        part.extend([leaf_hash(each) for each in leaves[:size]])
        TrailCheckpoint.objects.create(
            log=log,
            size=size,
            root=part.root(),
            peaks=peaks_of(part),
            note=signed(leaves, size),
            signed_at=NOON,
        )
    log.refresh_from_db()


def lift_guards() -> None:
    """Take the triggers away, inside the transaction of the caller."""
    lift(connection)
