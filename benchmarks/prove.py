"""
`./run prove`: the full figures. Every test at proof size on both databases, then every bar; hours, on a machine of its own.

What each command printed last goes into docs/reference/measurements.md, under "The last proof", with the machine it ran on.
"""

import os
import platform
import re
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "reference" / "measurements.md"
BEGIN, END = "<!-- proof: begin -->", "<!-- proof: end -->"
PY = sys.executable
POSTGRES = [PY, "-m", "tests.postgres"]
RECORDS = [PY, "-m", "benchmarks.records"]  # b2 and b5 want tecum[spark] and Java 17
TESTS = [PY, "-m", "pytest", "-q", "-m", "not browser"]
COMMANDS: tuple[list[str], ...] = (
    TESTS,
    [*POSTGRES, PY, "-m", "pytest", "-q", "-m", "both_databases and not browser"],
    [PY, "-m", "pytest", "-q", "-m", "browser"],
    [PY, "-m", "benchmarks.trail", "c1", "--size", "1000000"],
    [*POSTGRES, PY, "-m", "benchmarks.trail", "c2", "--seconds", "60"],
    [PY, "-m", "benchmarks.lookup", "--officers", "800"],
    [*POSTGRES, PY, "-m", "benchmarks.lookup", "--officers", "800"],
    *(
        [PY, "-m", "benchmarks.inventory", bar, "--numbers", "100000000"]
        for bar in ("a1", "a2", "a3", "a4", "a5")
    ),
    [*RECORDS, "make", "--rows", "10000000"],
    [*RECORDS, "make", "--rows", "100000000"],
    *([*RECORDS, bar, "--rows", "100000000"] for bar in ("b1", "more", "b2", "b5")),
    [*POSTGRES, *RECORDS, "b3", "--rows", "100000000"],
    [*RECORDS, "b6", "--rows", "100000000", "--smaller", "10000000"],
    [*RECORDS, "b4", "--rows", "100000000", "--days", "5"],
    [PY, "-m", "benchmarks.subscribers", "1000000"],
)
LINES_KEPT = 5


def main() -> int:
    """Run everything, write what was seen, and exit 1 when something was missed."""
    rows, missed = [], 0
    for command in COMMANDS:
        said = " ".join(word.replace(PY, "python") for word in command)
        print(f"== {said}", flush=True)
        began = time.monotonic()
        done = subprocess.run(
            command, cwd=ROOT, env={**os.environ, "TECUM_TEST_SIZE": "proof"}, capture_output=True, text=True
        )
        missed += done.returncode != 0
        last = [line for line in (done.stdout + done.stderr).splitlines() if line.strip()][-LINES_KEPT:]
        print("\n".join(last), flush=True)
        seen = "<br>".join(line.replace("|", "/") for line in last)
        rows.append(f"| `{said}` | {done.returncode} | {time.monotonic() - began:.0f} s | {seen} |")
    write(rows)
    return 1 if missed else 0


def write(rows: list[str]) -> None:
    """Put the table between its two marks, or at the end of the page."""
    machine = f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"
    table = "\n".join(
        [
            BEGIN,
            "",
            "## The last proof",
            "",
            f"{machine}.",
            "",
            "| command | exit | took | last lines |",
            "|---|---|---|---|",
        ]
        + rows
        + ["", END]
    )
    text = PAGE.read_text()
    if BEGIN in text:
        text = re.sub(f"{re.escape(BEGIN)}.*?{re.escape(END)}", lambda _: table, text, flags=re.DOTALL)
    else:
        text = f"{text.rstrip()}\n\n{table}\n"
    PAGE.write_text(text)


if __name__ == "__main__":
    raise SystemExit(main())
