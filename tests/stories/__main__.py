"""
`python -m tests.stories`: both source documents, from the first mail to the paid invoice, on both databases.

Every test of tests/stories runs on SQLite and again on PostgreSQL, in a real browser where a person would use one and
through real mail servers where a mail system would; what follows a story at the billing desk runs with it. Arguments go
to pytest.
"""

import subprocess
import sys
from pathlib import Path

PY = sys.executable
STORIES = ["tests/stories", "tests/doors/test_billing_in_a_browser.py"]
HERE = Path(__file__).parents[2]


def main(arguments: list[str]) -> int:
    """Run the stories on both databases; 1 where one did not hold."""
    tests = [PY, "-m", "pytest", "-q", *STORIES, *arguments]
    held = {}
    for name, command in {"SQLite": tests, "PostgreSQL": [PY, "-m", "tests.postgres", *tests]}.items():
        print(f"== {name}", flush=True)
        held[name] = subprocess.run(command, cwd=HERE).returncode == 0
    for name, good in held.items():
        print(f"{name}: {'every story holds' if good else 'a story does not hold'}")
    return 0 if all(held.values()) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
