"""`tecum manage …`: Django's own commands (migrate, makemigrations, check, shell)."""

import argparse
import sys

from django.core.management import execute_from_command_line


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the noun to the parser."""
    noun = commands.add_parser("manage", help="Django's own management commands", add_help=False)
    noun.set_defaults(run=run, takes_rest=True)


def run(_options: argparse.Namespace) -> int:
    """Hand everything after `manage` to Django."""
    words = sys.argv[sys.argv.index("manage") + 1 :]
    execute_from_command_line(["tecum manage", *words])
    return 0
