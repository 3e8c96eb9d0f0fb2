"""A picture of bars as SVG: readable without colour, printed as it is shown."""

from html import escape

from tecum.reports.rules.content import Bar, Picture

WIDTH, LEFT, RIGHT, STEP, THICK = 900, 240, 250, 30, 18
INK, LINE, TEXT = "#12304f", "#5c636b", "#1b1b1b"


def svg(picture: Picture, *, ident: str) -> str:
    """Return a picture; `ident` tells it from the others of the page. Every label is escaped."""
    most = max((bar.of for bar in picture.bars), default=0) or 1
    height = STEP * len(picture.bars) + 8
    lines = "".join(_bar(bar, place, most) for place, bar in enumerate(picture.bars))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="pic" viewBox="0 0 {WIDTH} {height}" role="img" aria-labelledby="{ident}t {ident}d">'
        f'<title id="{ident}t">{escape(picture.title)}</title><desc id="{ident}d">{escape(picture.says)}</desc>{lines}</svg>'
    )


def _bar(bar: Bar, place: int, most: int) -> str:
    room = WIDTH - LEFT - RIGHT
    y, whole, part = 4 + place * STEP, room * bar.of / most, room * bar.value / most
    base = y + THICK - 4
    return (
        f'<text x="{LEFT - 12}" y="{base}" text-anchor="end" font-size="14" fill="{TEXT}">{escape(_short(bar.label))}</text>'
        f'<rect x="{LEFT}" y="{y}" width="{max(whole, 1):.1f}" height="{THICK}" fill="none" stroke="{LINE}"/>'
        f'<rect x="{LEFT}" y="{y}" width="{part:.1f}" height="{THICK}" fill="{INK}"/>'
        f'<text x="{LEFT + max(whole, 1) + 10:.1f}" y="{base}" font-size="14" fill="{TEXT}">{escape(bar.says)}</text>'
    )


def _short(label: str) -> str:
    return label if len(label) <= 32 else label[:31].rstrip() + "…"
