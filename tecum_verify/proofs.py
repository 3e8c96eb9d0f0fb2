"""The proof that one entry is in the trail, in one file (c2sp.org/tlog-proof); the leaf travels as its extra data."""

import base64
import re
from collections.abc import Sequence
from dataclasses import dataclass

from tecum_verify.merkle import leaf_hash, verify_inclusion
from tecum_verify.notes import SIZE, BadNote, Checkpoint, PublicKey, checkpoint, decoded

HEAD = "c2sp.org/tlog-proof@v1"
EXTRA = re.compile(r"extra ([A-Za-z0-9+/]+={0,2})")


@dataclass(frozen=True)
class Proof:
    """A leaf, its place (from 0), the hashes that lead to the root, and the signed checkpoint."""

    leaf: bytes
    index: int
    hashes: Sequence[bytes]
    note: str

    def __str__(self) -> str:
        steps = "".join(f"{base64.b64encode(step).decode()}\n" for step in self.hashes)
        return (
            f"{HEAD}\nextra {base64.b64encode(self.leaf).decode()}\nindex {self.index}\n{steps}\n{self.note}"
        )

    @classmethod
    def read(cls, text: str) -> "Proof":
        """
        Return the proof in a file.

        :raises BadNote: where the form is wrong
        """
        head, gap, note = text.partition("\n\n")
        lines = head.split("\n")
        if not gap or lines[0] != HEAD:
            raise BadNote(f"This is not a proof: it should begin with {HEAD}.")
        extra = EXTRA.fullmatch(lines[1]) if len(lines) > 2 else None
        if extra is None:
            raise BadNote("This proof does not bring its entry along (the line `extra`).")
        word, _, index = lines[2].partition(" ")
        if word != "index" or not SIZE.fullmatch(index):
            raise BadNote("This proof does not say the place of its entry (the line `index`).")
        return cls(decoded(extra[1]), int(index), [decoded(line) for line in lines[3:]], note)

    def check(self, key: PublicKey) -> Checkpoint | None:
        """
        Return the checkpoint that the entry stands under, or nothing where it does not.

        :raises BadNote: where the key did not sign the checkpoint
        """
        signed = checkpoint(self.note, key)
        stands = verify_inclusion(
            leaf=leaf_hash(self.leaf), index=self.index, size=signed.size, proof=self.hashes, root=signed.root
        )
        return signed if stands else None
