"""
The text layer of a PDF, line by line with its place on the page. In the reader's process: strangers made the file.

Lengths are points from the page's upper left corner. Widths are estimated from the letters: good enough to show the
passage, not to measure it. A picture of a page has no text layer; nothing is guessed from pictures.
"""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pypdf
from pypdf import PdfReader

from tecum.inbox.drivers import harmless

MOST_PAGES = 100
MOST_LINES = 4_000
LETTER = 0.5  # of the height: the middling width of a letter of common faces
SAME_LINE = 0.6  # of the height


@dataclass(slots=True)
class _Piece:
    x: float
    y: float
    height: float
    text: str

    @property
    def end(self) -> float:
        return self.x + LETTER * self.height * len(self.text)


def layer(content: bytes) -> dict[str, Any]:
    """Return pages with width, height and lines (`x`, `y`, `w`, `h`, `text`); raises what the library raises."""
    reader = PdfReader(io.BytesIO(content))
    if reader.is_encrypted and not reader.decrypt(""):
        return {"locked": True, "pages": []}
    pages, left = [], MOST_LINES
    for page in reader.pages[:MOST_PAGES]:
        lines = list(_lines(page))[:left]
        left -= len(lines)
        pages.append({"w": float(page.mediabox.width), "h": float(page.mediabox.height), "lines": lines})
    return {"locked": False, "pages": pages, "count": len(reader.pages)}


def _lines(page: pypdf.PageObject) -> Iterator[dict[str, Any]]:
    pieces: list[_Piece] = []

    def visit(text: str, cm: Any, tm: Any, _font: Any, size: float) -> None:
        if not text.strip():
            return
        x = tm[4] * cm[0] + tm[5] * cm[2] + cm[4]
        y = tm[4] * cm[1] + tm[5] * cm[3] + cm[5]
        height = abs(size * tm[3] * cm[3]) or abs(size) or 10.0
        for part in text.split("\n"):
            if part.strip():
                pieces.append(_Piece(x, y, height, harmless.line(part, 500)))

    page.extract_text(visitor_text=visit)
    top = float(page.mediabox.height)
    for row in _rows(pieces):
        height = max(piece.height for piece in row)
        words = " ".join(piece.text for piece in row)
        start, end = row[0].x, max(piece.end for piece in row)
        yield {
            "x": round(start, 1), "y": round(top - row[0].y - height, 1), "w": round(end - start, 1),
            "h": round(height * 1.25, 1), "text": harmless.line(words, 1_000),
        }  # fmt: skip


def _rows(pieces: list[_Piece]) -> list[list[_Piece]]:
    """Put pieces that stand on one line together, from top to bottom and left to right."""
    rows: list[list[_Piece]] = []
    for piece in sorted(pieces, key=lambda each: (-each.y, each.x)):
        if rows and abs(rows[-1][0].y - piece.y) < SAME_LINE * piece.height:
            rows[-1].append(piece)
        else:
            rows.append([piece])
    return [sorted(row, key=lambda each: each.x) for row in rows]
