"""One helper gives every heavy test its size: fast by default, larger in CI, full for the proof."""

import os

PROOF = os.environ.get("TECUM_TEST_SIZE") == "proof"


def size(*, ci: int, proof: int, fast: int | None = None) -> int:
    """Return how many, by TECUM_TEST_SIZE: empty (fast, default the CI size), `ci`, `proof`, or a number: just so many."""
    wanted = os.environ.get("TECUM_TEST_SIZE", "")
    if wanted.isdigit():
        return int(wanted)
    if PROOF:
        return proof
    if wanted == "ci" or fast is None:
        return ci
    return fast
