"""Is this HTML in order? Parse errors by the HTML standard, and the ties between elements that a parser does not see."""

from collections import Counter
from collections.abc import Iterator
from xml.etree.ElementTree import Element

from tinyhtml5.parser import HTMLParser

REFERENCES = ("for", "aria-describedby", "aria-labelledby", "aria-controls")
LABELLED = {"input", "select", "textarea"}


def problems(text: str) -> list[str]:
    """Return what is wrong with a page, as sentences; empty when nothing is."""
    parser = HTMLParser(namespace_html_elements=False)
    root = parser.parse(text)
    found = [f"line {line}, column {column}: {code}" for (line, column), code, _ in parser.errors]
    elements = [element for element in root.iter() if isinstance(element.tag, str)]
    return [*found, *_page(elements), *_ties(elements), *_names(elements)]


def _page(elements: list[Element]) -> Iterator[str]:
    count = Counter(element.tag for element in elements)
    for tag in ("title", "main", "h1"):
        if count[tag] != 1:
            yield f"{count[tag]} times <{tag}>, expected one"
    if not next(iter(elements)).get("lang"):
        yield "the page does not say its language"


def _ties(elements: list[Element]) -> Iterator[str]:
    ids = Counter(element.get("id") for element in elements if element.get("id"))
    yield from (f"the id '{name}' stands {times} times" for name, times in ids.items() if times > 1)
    for element in elements:
        for attribute in REFERENCES:
            for name in (element.get(attribute) or "").split():
                if name not in ids:
                    yield f"<{element.tag} {attribute}> leads to '{name}', which is not there"
        target = element.get("href") or ""
        if target.startswith("#") and target != "#" and target[1:] not in ids:
            yield f"a link leads to '{target}', which is not there"
        if element.tag == "a" and target in ("", "#"):
            yield f"a link leads nowhere: {''.join(element.itertext()).strip()}"


def _names(elements: list[Element]) -> Iterator[str]:
    labelled = {element.get("for") for element in elements if element.tag == "label"}
    for element in elements:
        asks = element.tag in LABELLED and element.get("type") not in ("hidden", "submit")
        if asks and element.get("id") not in labelled and not element.get("aria-label"):
            yield f"<{element.tag} name={element.get('name')}> has no label"
        if element.tag == "img" and element.get("alt") is None:
            yield f"the image {element.get('src')} has no alternative text"
        if element.tag == "button" and not element.get("type"):
            yield f"the button '{''.join(element.itertext()).strip()}' has no type"
        if element.tag == "table" and element.find("caption") is None:
            yield "a table has no caption"
