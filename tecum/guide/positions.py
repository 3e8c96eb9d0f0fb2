"""
Where each key of a TOML text stands.

`tomllib` reads values but forgets lines, and tomlkit keeps the text but tells no positions; this index needs
only the lines of keys, so it follows the text's outline (headers, keys, nesting, strings) and leaves values
to `tomllib`.
"""

import re
import tomllib
from typing import Any

Path = tuple[str | int, ...]

_HEADER = re.compile(r"\s*(\[\[?)\s*([^\]]+?)\s*\]\]?\s*(?:#.*)?$")
_BARE_OR_QUOTED = re.compile(r"""\s*("(?:[^"\\]|\\.)*"|'[^']*'|[A-Za-z0-9_-]+)\s*(\.|=)""")
_TOKEN = re.compile(
    r'"""(?:[^\\]|\\.)*?"""|\'\'\'.*?\'\'\'|"(?:[^"\\\n]|\\.)*"|\'[^\'\n]*\'|#[^\n]*|[\[\]{},\n]|=', re.S
)


def lines_of(text: str) -> dict[Path, int]:
    """Return the line (from 1) of every table and key of a text that `tomllib` can read."""
    return _Index(text).found


class _Index:
    def __init__(self, text: str) -> None:
        self.text = text
        self.found: dict[Path, int] = {(): 1}
        self.counts: dict[Path, int] = {}
        self.table: Path = ()
        self.position = 0
        self.line = 1
        while self.position < len(text):
            self._statement()

    def _statement(self) -> None:
        end = self.text.find("\n", self.position)
        end = len(self.text) if end < 0 else end
        row = self.text[self.position : end]
        stripped = row.strip()
        if not stripped or stripped.startswith("#"):
            self._advance(end + 1)
        elif stripped.startswith("[") and (header := _HEADER.match(row)):
            self._open(_parts(header.group(2)), array=header.group(1) == "[[")
            self._advance(end + 1)
        else:
            self._pair()

    def _open(self, parts: list[str], *, array: bool) -> None:
        path: Path = ()
        for number, part in enumerate(parts):
            path = (*path, part)
            last = number == len(parts) - 1
            if array and last:
                self.counts[path] = self.counts.get(path, -1) + 1
                self.found.setdefault(path, self.line)
            if path in self.counts:
                path = (*path, self.counts[path])
        self.table = path
        self.found.setdefault(path, self.line)

    def _pair(self) -> None:
        path = self.table
        while match := _BARE_OR_QUOTED.match(self.text, self.position):
            path = (*path, _plain(match.group(1)))
            self.found.setdefault(path, self.line)
            self._advance(match.end())
            if match.group(2) == "=":
                break
        self._value(path)

    def _value(self, path: Path) -> None:
        """Walk one value to the end of its statement, noting the lines of inline tables and array items."""
        stack: list[tuple[str, Path, int]] = []
        expecting_key = False
        while match := _TOKEN.search(self.text, self.position):
            token = match.group()
            if expecting_key and token == "=":  # noqa: S105
                path = self._inline_key(stack, match.start())
                expecting_key = False
            self._advance(match.end())
            if token == "\n" and not stack:  # noqa: S105
                return
            if token in {"[", "{"}:
                stack.append((token, path, 0))
                expecting_key = token == "{"  # noqa: S105
                path = self._item(stack, path) if token == "[" else path  # noqa: S105
            elif token in {"]", "}"} and stack:
                _, path, _ = stack.pop()
                expecting_key = False
            elif token == "," and stack:  # noqa: S105
                kind, base, count = stack[-1]
                stack[-1] = (kind, base, count + 1)
                expecting_key = kind == "{"
                path = self._item(stack, base) if kind == "[" else base
        self._advance(len(self.text) + 1)

    def _item(self, stack: list[tuple[str, Path, int]], base: Path) -> Path:
        item = (*base, stack[-1][2])
        self.found.setdefault(item, self.line)
        return item

    def _inline_key(self, stack: list[tuple[str, Path, int]], end: int) -> Path:
        start = max(self.text.rfind(sign, 0, end) for sign in "{,\n") + 1
        path = stack[-1][1]
        for part in _parts(self.text[start:end]):
            path = (*path, part)
            self.found.setdefault(path, self.line)
        return path

    def _advance(self, to: int) -> None:
        self.line += self.text.count("\n", self.position, to)
        self.position = to


def _parts(dotted: str) -> list[str]:
    try:
        nested: Any = tomllib.loads(f"{dotted.strip()} = 0")
    except tomllib.TOMLDecodeError:
        return [dotted.strip()]
    parts = []
    while isinstance(nested, dict):
        name, nested = next(iter(nested.items()))
        parts.append(name)
    return parts


def _plain(key: str) -> str:
    return _parts(key)[0]
