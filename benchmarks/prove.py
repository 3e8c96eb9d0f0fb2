"""
`./run prove`: the full figures. Every test at proof size on both databases, then every bar; hours, on a machine of its own.

What each part printed last goes into docs/reference/measurements.md, under "The last proof", as soon as the part is done,
with the commit, the day and the machine's load: parts that ran before stay until they run again.

    ./run prove                     # everything
    ./run prove --list              # the parts, and which of them ran on this commit
    ./run prove --resume            # what has not ended well on this commit yet
    ./run prove --only trail-c1 lookup@postgresql tests/faults/test_the_quota_under_a_race.py@postgresql
"""

import argparse
import os
import platform
import re
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "reference" / "measurements.md"
BEGIN, END = "<!-- proof: begin -->", "<!-- proof: end -->"
PY = sys.executable
POSTGRES = [PY, "-m", "tests.postgres"]
RECORDS = [PY, "-m", "benchmarks.records"]  # b2 and b5 want tecum[spark] and Java 17
TESTS = [PY, "-m", "pytest", "-q"]
HUNDRED_MILLION = ["--rows", "100000000"]
PARTS: dict[str, list[str]] = {
    "tests": [*TESTS, "-m", "not browser"],
    "tests@postgresql": [*POSTGRES, *TESTS, "-m", "both_databases and not browser"],
    "browser": [*TESTS, "-m", "browser"],
    "trail-c1": [PY, "-m", "benchmarks.trail", "c1", "--size", "1000000"],
    "trail-c2@postgresql": [*POSTGRES, PY, "-m", "benchmarks.trail", "c2", "--seconds", "60"],
    "lookup": [PY, "-m", "benchmarks.lookup", "--officers", "800"],
    "lookup@postgresql": [*POSTGRES, PY, "-m", "benchmarks.lookup", "--officers", "800"],
    "demands": [PY, "-m", "benchmarks.demands", "--cases", "100000"],
    "demands@postgresql": [*POSTGRES, PY, "-m", "benchmarks.demands", "--cases", "100000"],
    **{
        f"inventory-{bar}": [PY, "-m", "benchmarks.inventory", bar, "--numbers", "100000000"]
        for bar in ("a1", "a2", "a3", "a4", "a5")
    },
    "records-make-10": [*RECORDS, "make", "--rows", "10000000"],
    "records-make-100": [*RECORDS, "make", *HUNDRED_MILLION],
    **{f"records-{bar}": [*RECORDS, bar, *HUNDRED_MILLION] for bar in ("b1", "more", "b2", "b5")},
    "records-b3@postgresql": [*POSTGRES, *RECORDS, "b3", *HUNDRED_MILLION],
    "records-b6": [*RECORDS, "b6", *HUNDRED_MILLION, "--smaller", "10000000"],
    "records-b4": [*RECORDS, "b4", *HUNDRED_MILLION, "--days", "5"],
    "subscribers": [PY, "-m", "benchmarks.subscribers", "1000000"],
}
HEAD = ["| part | command | commit | day, load | exit | took | last lines |", "|---|---|---|---|---|---|---|"]
LINES_KEPT = 5


def main() -> int:
    """Run what is asked for, write each part as it ends, and exit 1 when something was missed."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--list", action="store_true", help="name the parts and run none")
    parser.add_argument(
        "--only", nargs="+", metavar="PART", help="these parts, or test files (FILE@postgresql)"
    )
    parser.add_argument("--resume", action="store_true", help="leave out what ended well on this commit")
    options = parser.parse_args()
    rows, commit = written(), head()
    if options.list:
        for name in [*PARTS, *sorted(rows.keys() - PARTS.keys())]:
            print(f"{name:24} {'done' if done(rows.get(name, ''), commit) else ''}")
        return 0
    wanted = {name: command_of(name) for name in options.only or PARTS}
    missed = 0
    for name, command in wanted.items():
        if options.resume and done(rows.get(name, ""), commit):
            continue
        row, good = ran(name, command, commit)
        missed += not good
        write({**written(), name: row})
    return 1 if missed else 0


def command_of(name: str) -> list[str]:
    """Return the command of a part, or of a test file that is named instead of one."""
    if name in PARTS:
        return PARTS[name]
    file, _, engine = name.partition("@")
    if not (ROOT / file).is_file() or engine not in {"", "postgresql"}:
        raise SystemExit(f"There is no part and no test file {name}; --list names the parts.")
    only = ["-m", "both_databases"] if engine else []
    return [*(POSTGRES if engine else []), *TESTS, *only, file]


def ran(name: str, command: list[str], commit: str) -> tuple[str, bool]:
    """Run a part at proof size; return its row, and whether it ended well."""
    said = " ".join(word.replace(PY, "python") for word in command).replace("|", "/")
    print(f"== {name}: {said}", flush=True)
    began, load = time.monotonic(), os.getloadavg()[0]
    environment = {**os.environ, "TECUM_TEST_SIZE": "proof"}
    end = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
    last = [line for line in (end.stdout + end.stderr).splitlines() if line.strip()][-LINES_KEPT:]
    print("\n".join(last), flush=True)
    seen = "<br>".join(line.replace("|", "/") for line in last)
    day = f"{datetime.now(UTC):%Y-%m-%d}, {load:.0f}"
    took = f"{time.monotonic() - began:.0f} s"
    return (
        f"| {name} | `{said}` | {commit} | {day} | {end.returncode} | {took} | {seen} |",
        end.returncode == 0,
    )


def head() -> str:
    """Return the commit that is checked out, with a mark where files differ from it."""
    words = ["git", "-C", str(ROOT), "describe", "--always", "--dirty", "--abbrev=10", "--exclude=*"]
    return subprocess.run(words, capture_output=True, text=True).stdout.strip() or "unknown"


def done(row: str, commit: str) -> bool:
    """Tell whether a part's row says that it ended well on this commit."""
    cells = [cell.strip() for cell in row.split("|")]
    return len(cells) > 6 and cells[3] == commit and cells[5] == "0"


def written() -> dict[str, str]:
    """Return the rows that the page has, by their part."""
    text = PAGE.read_text()
    if BEGIN not in text:
        return {}
    table = text.partition(BEGIN)[2].partition(END)[0]
    rows = [line for line in table.splitlines() if line.startswith("| ") and line not in HEAD]
    return {row.split("|")[1].strip(): row for row in rows}


def write(rows: dict[str, str]) -> None:
    """Put the table between its two marks, or at the end of the page; the parts in their order."""
    machine = f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"
    ordered = [name for name in PARTS if name in rows] + sorted(rows.keys() - PARTS.keys())
    left = ", ".join(name for name in PARTS if name not in rows)
    table = "\n".join(
        [BEGIN, "", "## The last proof", "", f"{machine}. Not run: {left or 'nothing'}.", "", *HEAD]
        + [rows[name] for name in ordered]
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
