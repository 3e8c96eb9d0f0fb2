"""
Loads a guide's folder into the frozen model, or says every mistake at once.

NAME/guide.toml and any other NAME/*.toml are read as one document; NAME/wording/*.md are the texts;
NAME/versions/VERSION/ holds further versions, each only with what it changes.
"""

from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from tecum.guide import integrity, wording
from tecum.guide.binding import BAD, Binder, day_of
from tecum.guide.model.guide import Guide
from tecum.guide.nodes import Leaf, Table, join, overlay, read
from tecum.guide.problems import FaultyGuide, Place, Problem, meant
from tecum.guide.values import Zone
from tecum.guide.wording import Wording
from tecum.kernel.refusals import Refused

FOREVER = date.max
UNREADABLE = {"syntax", "encoding"}
FOLLOWS_FROM_UNREADABLE = {"missing-key", "unknown-id", "undefined-variable"}


class NoGuide(Refused):
    """There is no such guide, or no version of it on the day."""


@dataclass(slots=True)
class Version:
    """One version of a guide as its files say it, before anything is bound."""

    name: str
    folder: Path
    tree: Table
    texts: dict[str, Wording]
    starts: date | None = None
    ends: date | None = None


@dataclass(slots=True)
class _Reader:
    root: Path
    problems: list[Problem] = field(default_factory=list)
    folders: list[Path] = field(default_factory=list)

    def versions(self, folder: Path) -> list[Version]:
        """Return a guide's versions in the order of their dates, each complete."""
        return self._versions(folder, ())

    def _versions(self, folder: Path, above: tuple[Path, ...]) -> list[Version]:
        self.folders.append(folder)
        own = {"": self._version(folder)}
        for sub in sorted((folder / "versions").glob("*/")):
            version = self._version(sub)
            own[version.name or sub.name] = version
        first = own.pop("")
        own = {first.name or folder.name: first, **own}
        limits = {name: self._limit(version, own) for name, version in own.items()}
        whole = [
            piece
            for name, version in own.items()
            for piece in self._whole(version, own, folder, (*above, folder), ())
            if (piece.starts or date.min) < limits[name]
        ]
        dated = sorted(whole, key=lambda v: v.starts or date.min)
        self._dates(dated)
        return dated

    @staticmethod
    def _limit(version: Version, own: dict[str, Version]) -> date:
        """Return the day before which a version's pieces begin: its end, or the beginning of the next."""
        later = [v.starts for v in own.values() if v.starts and version.starts and v.starts > version.starts]
        return min([version.ends or FOREVER, *later])

    def _version(self, folder: Path) -> Version:
        tree = Table(Place(self._name(folder / "guide.toml"), 1))
        for path in sorted(folder.glob("*.toml"), key=lambda p: (p.name != "guide.toml", p.name)):
            join(tree, read(path, self._name(path), self.problems), self.problems)
        texts = {
            path.stem: wording.read(path, self._name(path), self.problems)
            for path in sorted((folder / "wording").glob("*.md"))
        }
        about = tree.items.get("guide")
        name = about.text("version") if isinstance(about, Table) else ""
        return Version(
            name, folder, tree, texts, _day(about, "effective_from"), _day(about, "effective_until")
        )

    def _whole(
        self,
        version: Version,
        own: dict[str, Version],
        folder: Path,
        above: tuple[Path, ...],
        seen: tuple[str, ...],
    ) -> list[Version]:
        """
        Lay a version over what it inherits: another version of the guide, else another guide.

        Where the other guide has several versions there is a piece for each, so that the heir follows it in time.
        """
        about = version.tree.items.get("guide")
        wanted = about.text("inherits") if isinstance(about, Table) else ""
        if not wanted and version.folder != folder:
            wanted = next(iter(own))
        if not wanted:
            return [version]
        named = isinstance(about, Table) and "inherits" in about.items
        place = about.items["inherits"].place if named and isinstance(about, Table) else version.tree.place
        if wanted in seen or wanted == version.name:
            self._circle(place, (*seen, version.name, wanted))
            return [version]
        if wanted in own:
            parents = self._whole(own[wanted], own, folder, above, (*seen, version.name))
        else:
            parents = self._other(wanted, folder, above, place)
        return self._spread(parents, version) if parents else [version]

    def _spread(self, parents: list[Version], version: Version) -> list[Version]:
        """Lay a version over each version of its parent that is in force while it is."""
        pieces = []
        for number, parent in enumerate(parents):
            following = parents[number + 1].starts if number + 1 < len(parents) else None
            if following and version.starts and following <= version.starts:
                continue
            piece = self._laid(parent, version)
            piece.starts = max(filter(None, (parent.starts, version.starts)), default=None)
            piece.ends = following or version.ends
            pieces.append(piece)
        return pieces

    def _other(self, wanted: str, folder: Path, above: tuple[Path, ...], place: Place) -> list[Version]:
        other = (folder.parent / wanted).resolve()
        if other in {path.resolve() for path in above}:
            self._circle(place, (*(path.name for path in above), wanted))
            return []
        if not (other / "guide.toml").is_file():
            names = [path.parent.name for path in folder.parent.glob("*/guide.toml")]
            self.problems.append(
                Problem(
                    place,
                    "inherits-unknown",
                    f"There is no guide or version '{wanted}'.",
                    meant(wanted, names),
                )
            )
            return []
        return self._versions(other, above)

    def _laid(self, parent: Version, version: Version) -> Version:
        base = Table(parent.tree.place, dict(parent.tree.items))
        about = base.items.get("guide")
        if version.starts is None:
            self._say(version.tree.place, "missing-key", "[guide] effective_from is missing in this version.")
        if isinstance(about, Table):
            kept = {k: v for k, v in about.items.items() if k not in {"effective_until", "inherits"}}
            base.items["guide"] = Table(about.place, kept)
        tree = overlay(base, version.tree, self.problems)
        texts = {**parent.texts, **version.texts}
        return Version(version.name, version.folder, tree, texts, version.starts, version.ends)

    def _circle(self, place: Place, names: tuple[str, ...]) -> None:
        self.problems.append(
            Problem(place, "inherits-itself", f"The inheritance runs in a circle: {' → '.join(names)}.")
        )

    def _dates(self, versions: list[Version]) -> None:
        """Say where versions overlap or leave a gap, and give an open end the next one's beginning."""
        for now, then in zip(versions, versions[1:], strict=False):
            about = then.tree.items.get("guide")
            place = about.place if isinstance(about, Table) else then.tree.place
            if now.starts and now.starts == then.starts:
                self._say(place, "versions-overlap", f"'{now.name}' and '{then.name}' begin on the same day.")
            elif now.ends is None:
                now.ends = then.starts
            elif then.starts and now.ends > then.starts:
                self._say(
                    place,
                    "versions-overlap",
                    f"'{now.name}' ends {now.ends}, '{then.name}' begins {then.starts}.",
                )
            elif then.starts and now.ends < then.starts:
                self._say(
                    place, "versions-gap", f"No version is in force from {now.ends} until {then.starts}."
                )

    def _say(self, place: Place, code: str, sentence: str) -> None:
        self.problems.append(Problem(place, code, sentence))

    def _name(self, path: Path) -> str:
        return str(path.relative_to(self.root))

    def bind(self, version: Version) -> Guide | None:
        """Return a version bound to the model; nothing when it has a mistake."""
        unreadable = any(problem.code in UNREADABLE for problem in self.problems)
        binder = Binder()
        bound = binder.table(Guide, version.tree)
        found = [
            *binder.problems,
            *integrity.dangling(version.tree, set(version.texts), binder.references),
            *integrity.repeated(version.tree),
            *integrity.undefined_variables(version.tree, version.texts, self.root),
        ]
        # Where a file cannot be read, what it would have held is not missing: that would be noise.
        self.problems += [p for p in found if not (unreadable and p.code in FOLLOWS_FROM_UNREADABLE)]
        return None if bound is BAD or self.problems else _completed(bound, version.texts, version)


def _completed(bound: Guide, texts: dict[str, Wording], version: Version) -> Guide:
    zone: Zone = bound.carrier.zone
    calendars = tuple(replace(calendar, carrier_zone=zone) for calendar in bound.calendars)
    starts = version.starts or bound.guide.effective_from
    about = replace(bound.guide, effective_from=starts, effective_until=version.ends)
    return replace(bound, guide=about, calendars=calendars, wording=texts)


def load(folder: Path, on: date) -> Guide:
    """
    Return the version of a guide that is in force on a day.

    :raises FaultyGuide: with every mistake of that version and of the versions' dates
    :raises NoGuide: when there is no such folder, or no version on that day
    """
    reader, versions = _read(folder)
    chosen = in_force(versions, on)
    if chosen is None:
        if reader.problems:
            raise FaultyGuide(reader.problems)
        first = versions[0].starts
        raise NoGuide(f"No version of '{folder.name}' is in force on {on}; the first begins on {first}.")
    guide = reader.bind(chosen)
    if guide is None:
        raise FaultyGuide(reader.problems)
    return guide


def load_all(folder: Path) -> tuple[Guide, ...]:
    """
    Return every version of a guide in the order of their dates.

    :raises FaultyGuide: with every mistake of every version
    :raises NoGuide: when there is no such folder
    """
    reader, versions = _read(folder)
    bound: list[Guide | None] = []
    for version in versions:
        bound.append(reader.bind(version))
    if reader.problems:
        raise FaultyGuide(reader.problems)
    return tuple(guide for guide in bound if guide is not None)


def sources(folder: Path) -> tuple[Path, ...]:
    """Return the folders that a guide is read from: its own, then those that it inherits."""
    reader, _ = _read(folder)
    return tuple(dict.fromkeys(reader.folders))


def in_force(versions: list[Version], on: date) -> Version | None:
    """Return the version in force on a day, or nothing."""
    for version in reversed(versions):
        if (version.starts or date.min) <= on < (version.ends or FOREVER) or on == FOREVER:
            return version
    return None


def find(name: str, guides: Path) -> Path:
    """
    Return the folder of a guide by its name under the guides' folder, or by a path.

    :raises NoGuide: when there is none
    """
    for folder in (guides / name, Path(name)):
        if (folder / "guide.toml").is_file():
            return folder
    names = [path.parent.name for path in guides.glob("*/guide.toml")]
    raise NoGuide(f"There is no guide '{name}'. {meant(name, names)}".strip())


def _read(folder: Path) -> tuple[_Reader, list[Version]]:
    if not (folder / "guide.toml").is_file():
        raise NoGuide(f"There is no guide in '{folder.name}': it has no guide.toml.")
    folder = folder.resolve()
    reader = _Reader(root=folder.parent)
    return reader, reader.versions(folder)


def _day(about: object, key: str) -> date | None:
    node = about.items.get(key) if isinstance(about, Table) else None
    return day_of(node.value) if isinstance(node, Leaf) else None
