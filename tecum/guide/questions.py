"""A question to the guide, and which of its rules fit it."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TypeVar

from tecum.guide.entries import SCOPE_KEYS, Rule
from tecum.guide.model.guide import Guide, NotInGuide
from tecum.guide.model.process import ProcessType, Product
from tecum.guide.problems import meant

R = TypeVar("R", bound=Rule)
CLOSEST_BRAND = 100  # a rule for the brand itself beats one for a brand it inherits from


@dataclass(frozen=True, kw_only=True)
class Question:
    """What is known about a request. What is not known stays empty; a rule that needs it then does not fit."""

    on: date
    product: str = ""
    process: str = ""
    country: str = ""
    region: str = ""
    city: str = ""
    brand: str = ""
    entity: str = ""
    requester: str = "lea"
    matter: str = ""  # left out, that of the process: civil for civil process, else criminal
    subject: str = ""
    customer_type: str = ""
    customer_subtype: str = ""
    services: tuple[str, ...] = ()
    technology: str = ""
    market: str = ""
    facts: frozenset[str] = field(default_factory=frozenset)

    def values(self, guide: Guide) -> dict[str, tuple[str, ...]]:
        """Return the question as the values that each key of a rule's scope is compared with."""
        single = {
            "products": self.product,
            "processes": self.process,
            "countries": self.country or guide.carrier.country,
            "regions": self.region,
            "entities": self.entity,
            "requesters": self.requester,
            "matters": self.matter or matter_of(guide, self),
            "subjects": self.subject,
            "customer_types": self.customer_type,
            "customer_subtypes": self.customer_subtype,
            "technologies": self.technology,
            "markets": self.market,
        }
        found: dict[str, tuple[str, ...]] = {key: (word(value),) for key, value in single.items() if value}
        found["services"] = tuple(map(word, self.services))
        found["facts"] = tuple(map(word, sorted(self.facts)))
        found["brands"] = tuple(map(word, brand_line(guide, self.brand)))
        return found


def matter_of(guide: Guide, question: Question) -> str:
    """Return the matter that a question leaves out: civil where its process is for civil matters alone."""
    found = [p for p in guide.process_types if p.id == question.process]
    civil = any(p.kind == "civil_process" or set(map(word, p.matters)) == {"civil"} for p in found)
    return "civil" if civil else "criminal"


def presumed(asked: Question, answered: Question) -> str:
    """Return the sentence that says the matter was taken from the process; nothing where it was given."""
    taken = not asked.matter and answered.matter == "civil"
    return " Taken as a civil matter: the process is civil." if taken else ""


def word(text: str) -> str:
    """Return a word as scopes compare it: without case, `-` and spaces as `_`."""
    return re.sub(r"[\s-]+", "_", text.strip().lower())


def brand_line(guide: Guide, brand: str) -> list[str]:
    """Return a brand and those it inherits from, nearest first."""
    line: list[str] = []
    while brand and brand not in line:
        line.append(brand)
        brand = next((b.inherits for b in guide.brands if b.id == brand), "")
    return line


def fit(rule: Rule, question: Question, guide: Guide) -> int | None:
    """Return how much of the question a rule names, or nothing when it does not apply."""
    if not rule.holds(question.on):
        return None
    asked = question.values(guide)
    score = 0
    for key in SCOPE_KEYS:
        wanted: tuple[str, ...] = getattr(rule, key)
        if not wanted:
            continue
        matched = [place for place, value in enumerate(asked.get(key, ())) if value in set(map(word, wanted))]
        if not matched:
            return None
        score += CLOSEST_BRAND - matched[0] if key == "brands" else CLOSEST_BRAND
    return score


def why_not(rule: Rule, question: Question, guide: Guide) -> str:
    """Return in a sentence why a rule does not apply, or nothing when it does."""
    if not rule.holds(question.on):
        return f"It does not hold on {question.on}."
    asked = question.values(guide)
    for key in SCOPE_KEYS:
        wanted: tuple[str, ...] = getattr(rule, key)
        given = asked.get(key, ())
        if wanted and not set(given) & set(map(word, wanted)):
            what = key.replace("_", " ")
            said = f"asked for: {', '.join(given)}" if given else "none was named"
            return f"It is only for these {what}: {', '.join(wanted)}; {said}."
    return ""


def fitting(rules: Iterable[R], question: Question, guide: Guide) -> list[R]:
    """Return the rules that apply, the most specific first, equals in the order of the file."""
    scored = [(score, rule) for rule in rules if (score := fit(rule, question, guide)) is not None]
    return [rule for _, rule in sorted(scored, key=lambda pair: -pair[0])]


def best(rules: Sequence[R], question: Question, guide: Guide) -> tuple[R | None, tuple[str, ...]]:
    """Return the rule that decides, and a warning for each other that fits just as well."""
    found = fitting(rules, question, guide)
    if not found:
        return None, ()
    top = fit(found[0], question, guide)
    rivals = [rule.id for rule in found[1:] if fit(rule, question, guide) == top]
    warnings = [
        f"'{found[0].id}' and '{rival}' fit equally well; the first in the file decides." for rival in rivals
    ]
    return found[0], tuple(warnings)


def find_product(guide: Guide, said: str) -> Product:
    """Return the product that a word means. :raises NotInGuide: with a suggestion"""
    for product in guide.products:
        if word(said) in {word(name) for name in (product.id, product.name, *product.synonyms)}:
            return product
    raise NotInGuide(f"There is no product '{said}'. {meant(said, [p.id for p in guide.products])}".strip())


def find_process(guide: Guide, said: str, country: str = "") -> ProcessType:
    """Return the process type that a word means: its id, name, synonym, else its kind. :raises NotInGuide: with a suggestion"""
    here = country or guide.carrier.country
    ordered = sorted(guide.process_types, key=lambda p: bool(p.countries) and here not in p.countries)
    for process in ordered:
        if word(said) in {word(name) for name in (process.id, process.name, *process.synonyms)}:
            return process
    for process in ordered:
        if word(said) == process.kind:
            return process
    raise NotInGuide(
        f"There is no process type '{said}'. {meant(said, [p.id for p in guide.process_types])}".strip()
    )


def resolved(guide: Guide, question: Question) -> Question:
    """
    Return the question with product and process in the ids of the guide, and the matter that the process implies.

    :raises NotInGuide: when the guide knows no such product, process or brand
    """
    product = find_product(guide, question.product).id if question.product else ""
    process = find_process(guide, question.process, question.country).id if question.process else ""
    if question.brand and question.brand not in {brand.id for brand in guide.brands}:
        known = [brand.id for brand in guide.brands]
        raise NotInGuide(f"There is no brand '{question.brand}'. {meant(question.brand, known)}".strip())
    found = replace(question, product=product, process=process)
    return replace(found, matter=question.matter or matter_of(guide, found))
