"""Wording becomes HTML: CommonMark without raw HTML, addresses made into links, lists of steps in our own part."""

import re
from collections.abc import Collection, Sequence
from html import escape

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict

_MAIL = re.compile(r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}")


class _Renderer(RendererHTML):
    def text(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        """Write text, its mail addresses as links; inside a link nothing is linked again."""
        content = tokens[idx].content
        if any(token.type == "link_open" for token in tokens[:idx]):
            return escape(content, quote=False)
        return linked(content, plain=env.get("plain", ()))

    def ordered_list_open(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        """Begin a list of steps."""
        return '<ol class="steps">\n'

    def list_item_open(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        """Begin an item; a step holds its text in one box beside its number."""
        return "<li><div>" if tokens[idx].info else "<li>"

    def list_item_close(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        """End an item as it began."""
        opened = next(
            token
            for token in reversed(tokens[:idx])
            if token.type == "list_item_open" and token.level == tokens[idx].level
        )
        return "</div></li>\n" if opened.info else "</li>\n"


_PARSER = MarkdownIt("commonmark", {"html": False}, renderer_cls=_Renderer).disable(
    ["image", "html_inline", "html_block"]
)


def to_html(text: str, *, plain: Collection[str] = ()) -> str:
    """
    Return wording as HTML that is safe to put into a page.

    Raw HTML is shown as text, pictures are left out, links lead to web pages and mail addresses only. `plain` are
    mail addresses that stay plain text, because nobody shall write to them.
    """
    rendered: str = _PARSER.render(text, {"plain": plain})
    return rendered


def linked(text: str, *, plain: Collection[str] = ()) -> str:
    """Return plain text as HTML with its mail addresses as links, but for those in `plain`."""
    parts, end = [], 0
    for match in _MAIL.finditer(text):
        parts.append(escape(text[end : match.start()], quote=False))
        address = escape(match.group())
        parts.append(address if match.group() in plain else f'<a href="mailto:{address}">{address}</a>')
        end = match.end()
    return "".join(parts) + escape(text[end:], quote=False)
