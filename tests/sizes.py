"""One helper gives every heavy test its size: fast by default, larger in CI, full for the proof; and what a test needs beside."""

import os
import shutil

import pytest

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


def needs(program: str, name: str) -> pytest.MarkDecorator:
    """Return the mark of a test that a desk without a program may leave out; where TECUM_TEST_ALL is set it fails there."""
    missing = not shutil.which(program) and not os.environ.get("TECUM_TEST_ALL")
    return pytest.mark.skipif(missing, reason=f"{name} is not installed")
