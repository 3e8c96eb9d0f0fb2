"""`tecum guide explain form`: what was filled in, from the words of a command line."""

import argparse

from tecum.cli.guide_parsing import BadQuestion, Words
from tecum.guide.calculators import forms
from tecum.guide.calculators.results import Result
from tecum.guide.model.guide import Guide
from tecum.guide.questions import Question


def form_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of `explain form`."""
    parser.add_argument("--form", default="", help="the form: its id, title or printed label")
    parser.add_argument(
        "--value",
        action="append",
        metavar="FIELD=VALUE",
        help="what was filled in; may be repeated, also for one field",
    )
    parser.add_argument("--signer", default="", help="who signed it")


def filled_in(guide: Guide, asked: Question, options: Words) -> Result:
    """Say whether a form is complete."""
    values: dict[str, list[str]] = {}
    for text in options.value or ():
        name, parted, value = text.partition("=")
        if not parted:
            raise BadQuestion(f"--value '{text}': expected FIELD=VALUE.")
        values.setdefault(name.strip(), []).append(value.strip())
    given = None if options.value is None else values
    return forms.judge(guide, asked, options.form, given, signer=options.signer)
