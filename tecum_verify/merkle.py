"""The Merkle tree of RFC 6962: hashes, roots, and proofs of inclusion and of consistency."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from hashlib import sha256

EMPTY_ROOT = sha256(b"").digest()

# (height, index): the complete subtree over the leaves index << height to (index + 1) << height.
Row = tuple[int, int, list[bytes]]
NodeOf = Callable[[int, int], bytes]


def leaf_hash(leaf: bytes) -> bytes:
    """Return the hash of a leaf; the 0x00 keeps leaves and nodes apart (RFC 6962 section 2.1)."""
    return sha256(b"\x00" + leaf).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return the hash of an inner node."""
    return sha256(b"\x01" + left + right).digest()


class Tree:
    """
    A tree that grows to the right and remembers only its peaks.

    A peak is the root of a complete subtree, one for each bit that is set in the size: enough to
    add leaves and to know the root, in a few hundred bytes however large the tree is.
    """

    def __init__(self, size: int = 0, peaks: Mapping[int, bytes] | None = None) -> None:
        self.size = size
        self.peaks = dict(peaks or {})
        if {height for height in range(size.bit_length()) if size >> height & 1} != set(self.peaks):
            raise ValueError(f"A tree of {size} leaves has other peaks than these.")

    def extend(self, hashes: Iterable[bytes], rows: list[Row] | None = None) -> None:
        """Add leaf hashes on the right, a whole row at a time; `rows` collects the subtrees completed."""
        row, height, start = list(hashes), 0, self.size
        self.size += len(row)
        while row:
            if rows is not None:
                rows.append((height, start, list(row)))
            if start & 1:
                row = [self.peaks.pop(height), *row]
            if len(row) & 1:
                self.peaks[height] = row.pop()
            pairs = iter(row)
            row = [sha256(b"\x01" + left + right).digest() for left, right in zip(pairs, pairs, strict=True)]
            start, height = start >> 1, height + 1

    def push(self, height: int, node: bytes) -> None:
        """
        Add a complete subtree on the right.

        :raises ValueError: where a subtree of this height cannot begin at the present size
        """
        if self.size & (1 << height) - 1:
            raise ValueError(f"A subtree of height {height} cannot begin after {self.size} leaves.")
        self.size += 1 << height
        while height in self.peaks:
            node, height = node_hash(self.peaks.pop(height), node), height + 1
        self.peaks[height] = node

    def root(self) -> bytes:
        """Return the root, which is the hash of nothing for an empty tree."""
        if not self.peaks:
            return EMPTY_ROOT
        heights = sorted(self.peaks)
        root = self.peaks[heights[0]]
        for height in heights[1:]:
            root = node_hash(self.peaks[height], root)
        return root


def subtrees(first: int, hashes: Sequence[bytes]) -> list[tuple[int, bytes]]:
    """
    Return height and root of the fewest complete subtrees over leaf hashes that begin at leaf `first` (from 0).

    Parts of a tree can so be computed apart, in several processes, and pushed together in their order.
    """
    row, height, begin, end = list(hashes), 0, list[tuple[int, bytes]](), list[tuple[int, bytes]]()
    while row:
        if first & 1:
            begin.append((height, row[0]))
            row, first = row[1:], first + 1
        if len(row) & 1:
            end.append((height, row.pop()))
        pairs = iter(row)
        row = [sha256(b"\x01" + left + right).digest() for left, right in zip(pairs, pairs, strict=True)]
        first, height = first >> 1, height + 1
    return begin + end[::-1]


def root_of(hashes: Iterable[bytes]) -> bytes:
    """Return the root over these leaf hashes."""
    tree = Tree()
    tree.extend(hashes)
    return tree.root()


def nodes_of(hashes: Sequence[bytes]) -> NodeOf:
    """Return the look-up of complete subtrees over leaf hashes held in memory."""
    rows: list[Row] = []
    Tree().extend(hashes, rows)
    kept = {height: row for height, _, row in rows}
    return lambda height, index: kept[height][index]


def _split(size: int) -> int:
    """Return the largest power of two below a size of two or more."""
    return 1 << (size - 1).bit_length() - 1


def range_hash(node: NodeOf, first: int, last: int) -> bytes:
    """Return the hash over leaves first to last (half-open); first is a multiple of the power of two above the length."""
    length = last - first
    if length & (length - 1) == 0:
        height = length.bit_length() - 1
        return node(height, first >> height)
    middle = first + _split(length)
    return node_hash(range_hash(node, first, middle), range_hash(node, middle, last))


def inclusion_proof(node: NodeOf, index: int, size: int) -> list[bytes]:
    """Return the hashes that lead from leaf `index` (from 0) to the root at `size` (RFC 9162 section 2.1.3.1)."""
    if not 0 <= index < size:
        raise ValueError(f"There is no leaf {index} in a tree of {size}.")
    proof: list[bytes] = []
    first, last = 0, size
    while last - first > 1:
        middle = first + _split(last - first)
        if index < middle:
            proof.append(range_hash(node, middle, last))
            last = middle
        else:
            proof.append(range_hash(node, first, middle))
            first = middle
    return proof[::-1]


def _turns(place: int, last: int) -> Iterator[bool]:
    """
    Yield for each step of a proof whether its hash stands on the left, going up from a leaf at `place`
    in a tree whose last leaf is `last` (both from 0); ends at the root.
    """
    while last:
        if place & 1 or place == last:
            yield True
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            yield False
        place, last = place >> 1, last >> 1


def verify_inclusion(*, leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> bool:
    """Tell whether a leaf hash stands at `index` in the tree of `size` with this root (RFC 9162 section 2.1.3.2)."""
    if not 0 <= index < size:
        return False
    turns = list(_turns(index, size - 1))
    if len(turns) != len(proof):
        return False
    found = leaf
    for left, step in zip(turns, proof, strict=True):
        found = node_hash(step, found) if left else node_hash(found, step)
    return found == root


def consistency_proof(node: NodeOf, old: int, new: int) -> list[bytes]:
    """Return the hashes that show the tree of `new` to begin with the tree of `old` (RFC 9162 section 2.1.4.1)."""
    if not 0 < old <= new:
        raise ValueError(f"A tree of {old} cannot be the beginning of a tree of {new}.")
    proof: list[bytes] = []
    first, last, whole = 0, new, True
    while old != last:
        middle = first + _split(last - first)
        if old <= middle:
            proof.append(range_hash(node, middle, last))
            last = middle
        else:
            proof.append(range_hash(node, first, middle))
            first, whole = middle, False
    if not whole:
        proof.append(range_hash(node, first, last))
    return proof[::-1]


def verify_consistency(
    *, old: int, new: int, old_root: bytes, new_root: bytes, proof: Sequence[bytes]
) -> bool:
    """Tell whether the tree of `new` begins with the tree of `old` (RFC 9162 section 2.1.4.2)."""
    if old == new:
        return not proof and old_root == new_root
    if not 0 < old < new:
        return False
    place, last = old - 1, new - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    # Where the old tree is complete its root is the first node and is left out of the proof.
    steps = [old_root, *proof] if old & (old - 1) == 0 else list(proof)
    turns = list(_turns(place, last))
    if len(steps) != len(turns) + 1:
        return False
    first_found = second_found = steps[0]
    for left, step in zip(turns, steps[1:], strict=True):
        if left:
            first_found, second_found = node_hash(step, first_found), node_hash(step, second_found)
        else:
            second_found = node_hash(second_found, step)
    return first_found == old_root and second_found == new_root
