"""`tecum …`: finds the command, says refusals as one sentence, exits with a code."""

import argparse
import importlib
import os
import sys
from collections.abc import Sequence

import django

from tecum.kernel.refusals import Refused

# noun → module with `register(commands)`; a module is imported only when its noun is typed.
NOUNS: dict[str, str] = {
    "assurance": "tecum.cli.assurance",
    "audit": "tecum.cli.audit",
    "backup": "tecum.cli.backup",
    "billing": "tecum.cli.billing",
    "demo": "tecum.cli.demo",
    "demo-fill": "tecum.cli.demo.seed",
    "guide": "tecum.cli.guide",
    "jobs": "tecum.cli.jobs",
    "keys": "tecum.cli.keys",
    "mail": "tecum.cli.mail",
    "manage": "tecum.cli.manage",
    "numbers": "tecum.cli.numbers",
    "oncall": "tecum.cli.oncall",
    "records": "tecum.cli.records",
    "reports": "tecum.cli.reports",
    "people": "tecum.cli.people",
    "restore": "tecum.cli.restore",
    "serve": "tecum.cli.serve",
    "subscribers": "tecum.cli.subscribers",
    "support": "tecum.cli.support",
    "surveillance": "tecum.cli.surveillance",
}
# These start Django themselves, or another program that does.
START_ALONE = frozenset({"demo", "guide", "manage", "serve"})
REFUSED = 1
USAGE = 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command line and return its exit code: 0 done, 1 refused (the sentence is on stderr), 2 usage."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tecum.config.settings")
    parser = argparse.ArgumentParser(prog="tecum", description="A carrier's law-enforcement response desk.")
    commands = parser.add_subparsers(dest="noun", required=True, metavar="COMMAND")
    wanted = [words[0]] if words and words[0] in NOUNS else list(NOUNS)
    if set(wanted) - START_ALONE:
        django.setup()
    for noun in wanted:
        importlib.import_module(NOUNS[noun]).register(commands)
    options, rest = parser.parse_known_args(words)
    if rest and not getattr(options, "takes_rest", False):
        parser.error(f"not understood: {' '.join(rest)}")
    options.rest = rest
    try:
        return int(options.run(options) or 0)
    except Refused as refusal:
        sys.stderr.write(f"{refusal}\n")
        return REFUSED
