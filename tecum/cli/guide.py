"""`tecum guide …`: check, explain, compare, render and show a carrier's guide; `new` begins one."""

import argparse
import json
import shutil
import sys
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TypeAlias

from tecum.cli import guide_parsing, guide_questions, guide_words
from tecum.config import clock
from tecum.guide import comparing, explaining
from tecum.guide.checking import check as checking
from tecum.guide.loading import find, load, load_all
from tecum.guide.model.guide import Guide
from tecum.guide.problems import FaultyGuide
from tecum.kernel.refusals import Refused

GUIDES = Path(__file__).resolve().parents[2] / "guides"
FAULTY = 3
RENDERED = ["guide", "schedule", "texts", "forms"]
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
    compare = _verb(verbs, "compare", "what changed from one version to another, or to another guide")
    compare.add_argument("versions", nargs="*", help="two versions; left out, the last two")
    compare.add_argument("--with", dest="other", default="", help="another guide, instead of a version")
    compare.set_defaults(run=_guarded(run_compare))
    render = _verb(
        verbs, "render", "the public guide, the schedule, the texts and forms as web pages and PDF"
    )
    render.add_argument(
        "--to",
        type=Path,
        default=Path("guide-pages"),
        help="the folder that is written (default %(default)s)",
    )
    render.add_argument("--what", choices=RENDERED, action="append", help="only this; left out, everything")
    render.add_argument(
        "--format", choices=["html", "pdf"], action="append", help="only this; left out, both"
    )
    render.add_argument(
        "--on", type=guide_parsing.day, help="the day whose version is rendered; left out, today"
    )
    render.set_defaults(run=_guarded(run_render))
    new = _verb(verbs, "new", "begin a guide as a copy of another")
    new.add_argument(
        "--from", dest="source", default="example", help="the guide to copy (default %(default)s)"
    )
    new.set_defaults(run=_guarded(run_new))
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


def run_compare(options: argparse.Namespace) -> int:
    """Compare two versions of a guide, or two guides."""
    versions = load_all(find(options.name, options.guides))
    if options.other:
        before, after = versions[-1], load_all(find(options.other, options.guides))[-1]
    else:
        before, after = _two(versions, options.versions)
    answer: dict[str, object] = {
        "before": {"guide": before.guide.name, "version": before.version},
        "after": {"guide": after.guide.name, "version": after.version},
        "effective_from": after.guide.effective_from.isoformat(),
        "changes": [change.as_dict() for change in comparing.compare(before, after)],
    }
    _say(options, answer, guide_words.changes)
    return 0


def _two(versions: tuple[Guide, ...], names: list[str]) -> tuple[Guide, Guide]:
    by_name = {guide.version: guide for guide in versions}
    if len(names) == 2 and set(names) <= set(by_name):
        return by_name[names[0]], by_name[names[1]]
    if not names and len(versions) > 1:
        return versions[-2], versions[-1]
    raise guide_parsing.BadQuestion(f"Name two of these versions: {', '.join(by_name)}.")


def run_render(options: argparse.Namespace) -> int:
    """Write the pages of a guide."""
    from tecum.documents.guide import pages

    on = options.on or clock.now().date()
    guide = load(find(options.name, options.guides), on)
    written = pages.write(
        guide, on, options.to, what=options.what or RENDERED, formats=options.format or ["html", "pdf"]
    )
    _say(
        options,
        {"guide": guide.guide.name, "version": guide.version, "files": [str(p) for p in written]},
        guide_words.values,
    )
    return 0


def run_new(options: argparse.Namespace) -> int:
    """Copy a guide under a new name."""
    source = find(options.source, options.guides)
    name = Path(options.name).name
    target = Path(options.name) if len(Path(options.name).parts) > 1 else options.guides / name
    if target.exists():
        raise guide_parsing.BadQuestion(f"'{target}' exists already; nothing was written.")
    shutil.copytree(source, target)
    file = target / "guide.toml"
    old = load_all(source)[-1].guide.name
    file.write_text(
        file.read_text(encoding="utf-8").replace(f'name = "{old}"', f'name = "{name}"', 1), encoding="utf-8"
    )
    answer: dict[str, object] = {
        "guide": name,
        "folder": str(target),
        "next": f"Edit it, then: tecum guide check {options.name}",
    }
    _say(options, answer, guide_words.values)
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
