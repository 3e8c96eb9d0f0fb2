"""The tree of the trail against an oracle that follows RFC 6962's definition word for word."""

from hashlib import sha256

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tecum_verify import merkle


def definition(leaves):
    """MTH of RFC 6962 section 2.1, as written there."""
    if not leaves:
        return sha256(b"").digest()
    if len(leaves) == 1:
        return sha256(b"\x00" + leaves[0]).digest()
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    return sha256(b"\x01" + definition(leaves[:k]) + definition(leaves[k:])).digest()


# The leaves and roots that the authors of RFC 6962 publish with their own implementation.
KNOWN = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
leaves = st.lists(st.binary(max_size=4), max_size=70)


@pytest.mark.parametrize("size", range(len(ROOTS)))
def test_the_roots_are_those_that_the_authors_of_the_standard_publish(size):
    hashes = [merkle.leaf_hash(bytes.fromhex(leaf)) for leaf in KNOWN[:size]]

    assert merkle.root_of(hashes).hex() == ROOTS[size]


@given(leaves, st.lists(st.integers(0, 70), max_size=6))
def test_a_tree_grown_in_any_steps_has_the_root_of_the_definition(entries, cuts):
    hashes = [merkle.leaf_hash(entry) for entry in entries]
    tree, done = merkle.Tree(), 0

    for cut in sorted(cuts) + [len(entries)]:
        tree.extend(hashes[done:cut])
        done = max(done, min(cut, len(entries)))
        tree = merkle.Tree(tree.size, tree.peaks)  # all that is kept between two passes

    assert tree.root() == definition(entries)


@given(leaves, st.data())
def test_every_leaf_has_a_proof_and_no_other_leaf_place_or_root_passes_with_it(entries, data):
    if not entries:
        return
    hashes = [merkle.leaf_hash(entry) for entry in entries]
    index = data.draw(st.integers(0, len(entries) - 1))
    proof = merkle.inclusion_proof(merkle.nodes_of(hashes), index, len(entries))
    said = {
        "leaf": hashes[index],
        "index": index,
        "size": len(entries),
        "proof": proof,
        "root": definition(entries),
    }

    assert merkle.verify_inclusion(**said)
    assert not merkle.verify_inclusion(**said | {"leaf": sha256(b"other").digest()})
    assert not merkle.verify_inclusion(**said | {"root": sha256(b"other").digest()})
    assert not merkle.verify_inclusion(**said | {"proof": [*proof, hashes[0]]})
    assert not merkle.verify_inclusion(**said | {"index": len(entries)})
    assert not merkle.verify_inclusion(**said | {"index": -1})
    for other in range(len(entries)):
        if entries[other] != entries[index]:
            assert not merkle.verify_inclusion(**said | {"index": other})
    for step in range(len(proof)):
        wrong = [*proof[:step], sha256(proof[step]).digest(), *proof[step + 1 :]]
        assert not merkle.verify_inclusion(**said | {"proof": wrong})
        assert not merkle.verify_inclusion(**said | {"proof": proof[:step] + proof[step + 1 :]})


@given(leaves, st.data())
def test_a_trail_proves_to_continue_its_past_and_no_other_past(entries, data):
    if not entries:
        return
    hashes = [merkle.leaf_hash(entry) for entry in entries]
    old = data.draw(st.integers(1, len(entries)))
    proof = merkle.consistency_proof(merkle.nodes_of(hashes), old, len(entries))
    said = {
        "old": old,
        "new": len(entries),
        "old_root": definition(entries[:old]),
        "new_root": definition(entries),
        "proof": proof,
    }

    assert merkle.verify_consistency(**said)
    assert not merkle.verify_consistency(**said | {"old_root": sha256(b"other").digest()})
    assert not merkle.verify_consistency(**said | {"new_root": sha256(b"other").digest()})
    assert not merkle.verify_consistency(**said | {"proof": [*proof, hashes[0]]})
    assert not merkle.verify_consistency(**said | {"old": 0})
    for step in range(len(proof)):
        wrong = [*proof[:step], sha256(proof[step]).digest(), *proof[step + 1 :]]
        assert not merkle.verify_consistency(**said | {"proof": wrong})
        assert not merkle.verify_consistency(**said | {"proof": proof[:step] + proof[step + 1 :]})


@settings(max_examples=30)
@given(st.integers(1, 40), st.integers(1, 40))
def test_no_proof_is_made_for_what_is_not_there(size, beyond):
    hashes = [merkle.leaf_hash(bytes([n])) for n in range(size)]
    node = merkle.nodes_of(hashes)

    with pytest.raises(ValueError, match="no leaf"):
        merkle.inclusion_proof(node, size - 1 + beyond, size)
    with pytest.raises(ValueError, match="beginning"):
        merkle.consistency_proof(node, size + beyond, size)


def test_peaks_of_another_size_are_refused():
    with pytest.raises(ValueError, match="other peaks"):
        merkle.Tree(3, {0: b"x" * 32})
