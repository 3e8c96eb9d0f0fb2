"""`tecum guide …`: check, explain, compare, render and show a carrier's guide; `new` begins one."""

import argparse
import json
import sys
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TypeAlias

from tecum.cli import guide_parsing, guide_questions, guide_words
from tecum.config import clock
from tecum.guide import explaining
from tecum.guide.checking import check as checking
from tecum.guide.loading import find, load, load_all
from tecum.guide.problems import FaultyGuide
from tecum.kernel.refusals import Refused

GUIDES = Path(__file__).resolve().parents[2] / "guides"
FAULTY = 3
REFUSED = 1
Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"


def register(commands: Commands) -> None:
    """Add the noun to the parser."""
    noun = commands.add_parser("guide", help="a carrier's guide: check, explain, compare, render, show, new")
    verbs = noun.add_subparsers(dest="verb", required=True, metavar="VERB")
    _explain(verbs)
    check = _verb(
        verbs, "check", "mistakes, contradictions and gaps of a guide, with the decisions that settled them"
    )
    check.add_argument(
        "--on", type=guide_parsing.day, help="the day whose version is checked; left out, the last one"
    )
    check.add_argument("--open", action="store_true", help="only what no decision settles")
    check.set_defaults(run=_guarded(run_check))
    show = _verb(verbs, "show", "the values of a guide")
    show.add_argument(
        "what", nargs="*", help="collections or ids, such as fees or fees:install; left out, a summary"
    )
    show.add_argument("--on", type=guide_parsing.day, help="the day whose version is shown; left out, today")
    show.set_defaults(run=_guarded(run_show))


def _verb(verbs: Commands, name: str, text: str) -> argparse.ArgumentParser:
    verb: argparse.ArgumentParser = verbs.add_parser(name, help=text, allow_abbrev=False)
    verb.add_argument("name", help="the guide: a name under guides/, or the path of a folder")
    verb.add_argument("--json", action="store_true", help="answer in JSON")
    verb.add_argument("--guides", type=Path, default=GUIDES, help="the folder of the guides")
    return verb


def _explain(verbs: Commands) -> None:
    verb = verbs.add_parser(
        "explain", help="an answer with its rules, sources and other readings", allow_abbrev=False
    )
    verb.add_argument("name", help="the guide: a name under guides/, or the path of a folder")
    kinds = verb.add_subparsers(dest="kind", required=True, metavar="KIND")
    for kind, (text, options, _, _) in guide_questions.KINDS.items():
        one = kinds.add_parser(kind, help=text, allow_abbrev=False)
        one.add_argument("--json", action="store_true", help="answer in JSON")
        one.add_argument("--guides", type=Path, default=GUIDES, help="the folder of the guides")
        guide_questions.scope(one)
        options(one)
        one.set_defaults(run=_guarded(run_explain), takes_rest=kind == "fee")


def run_explain(options: argparse.Namespace) -> int:
    """Answer one question."""
    _, _, ask, event = guide_questions.KINDS[options.kind]
    options.now = clock.now()
    on = _day(options, event)
    guide = load(find(options.name, options.guides), on)
    question = guide_questions.question(options, on)
    explanation = explaining.explain(options.kind, guide, on, lambda one: ask(one, question, options))
    _say(options, explanation.as_dict(), guide_words.explanation)
    return 0


def _day(options: argparse.Namespace, event: str) -> date:
    """Return the day of the question: --on, else the day of its event, else today."""
    given: date | datetime | None = options.on or (getattr(options, event) if event else None)
    if given is None:
        given = options.now.astimezone(UTC)
    return given.date() if isinstance(given, datetime) else given


def run_check(options: argparse.Namespace) -> int:
    """Check every version for mistakes, and one for contradictions and gaps."""
    folder = find(options.name, options.guides)
    versions = load_all(folder)
    guide = load(folder, options.on) if options.on else versions[-1]
    found = [one for one in checking.check(guide) if not (options.open and one.decision)]
    answer: dict[str, object] = {
        "guide": guide.guide.name,
        "version": guide.version,
        "versions": [one.version for one in versions],
        "open": sum(one.decision is None and one.severity != "remark" for one in found),
        "settled": sum(one.decision is not None for one in found),
        "findings": [one.as_dict() for one in found],
    }
    _say(options, answer, guide_words.findings)
    return 0


def run_show(options: argparse.Namespace) -> int:
    """Show values."""
    on = options.on or clock.now().date()
    guide = load(find(options.name, options.guides), on)
    _say(options, guide_words.shown(guide, options.what), guide_words.values)
    return 0


def _say(options: argparse.Namespace, answer: dict[str, object], words: "guide_words.Writer") -> None:
    if options.json:
        sys.stdout.write(json.dumps(answer, indent=2, ensure_ascii=False) + "\n")
    else:
        sys.stdout.write("\n".join(words(answer)).rstrip() + "\n")


def _guarded(run: "guide_words.Runner") -> "guide_words.Runner":
    """Say a refusal or the mistakes of a guide in JSON too, and exit with their codes."""

    def guarded(options: argparse.Namespace) -> int:
        try:
            return run(options)
        except FaultyGuide as faulty:
            if not options.json:
                sys.stderr.write(f"{faulty}\n")
            else:
                _json({"error": "faulty_guide", "problems": [p.as_dict() for p in faulty.problems]})
            return FAULTY
        except Refused as refusal:
            if not options.json:
                raise
            _json({"error": "refused", "sentence": str(refusal)})
            return REFUSED

    return guarded


def _json(answer: dict[str, object]) -> None:
    sys.stdout.write(json.dumps(answer, indent=2, ensure_ascii=False) + "\n")
