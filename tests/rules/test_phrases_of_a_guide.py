"""How a guide writes the words by which messages are told apart."""

import pytest

from tecum.guide import phrases
from tecum.guide.model.mail import Mail
from tecum.guide.model.words import Words


@pytest.mark.parametrize(
    ("phrase", "text"),
    [
        ("search warrant", "a SEARCH\r\n  Warrant is attached"),
        ("follow up", "a follow-up, please"),
        ("kidnap*", "she was kidnapped"),
        ("*n't", "we don’t agree"),
        ("link … expired", "the link that you sent on Monday has expired"),
        ("link … expired", "link expired"),
        ("state's attorney", "the State’s Attorney"),
        ("silver alert | ashanti alert", "an Ashanti Alert"),
        ("u.s. attorney", "the U.S. Attorney"),
    ],
)
def test_a_phrase_is_found_however_people_write_it(phrase, text):
    assert phrases.found((phrase,), text)


@pytest.mark.parametrize(
    ("phrase", "text"),
    [
        ("warrant", "the goods are warranted"),
        ("police", "our policeman"),
        ("*n't", "we accept, the account is paid"),
        ("link … expired", "the link " + "x" * 60 + " expired"),
        ("2703", "order 127034"),
    ],
)
def test_what_only_looks_alike_is_not_found(phrase, text):
    assert not phrases.found((phrase,), text)


def test_the_alternatives_of_one_phrase_count_once():
    firm = ("law firm | LLP", "plaintiff | plaintiffs")

    assert phrases.count(firm, "Law Firm of Hale LLP") == 1
    assert phrases.count(firm, "Law Firm of Hale LLP for the plaintiffs") == 2


def test_a_subject_begins_with_a_phrase_or_does_not():
    assert phrases.begins(("out of office",), "[Out of office] until Monday")
    assert not phrases.begins(("out of office",), "Subpoena; I am out of office")


@pytest.mark.parametrize(
    ("domain", "so"),
    [
        ("police.marrow.gov", True), ("gov", True), ("oag.state.oh.us", True), ("opp.gov.on.ca", True), ("met.gov.uk", True),
        ("xgov", False), ("gov.example", False), ("oh.us.example", False), ("", False),
    ],
)  # fmt: skip
def test_a_domain_lies_beneath_an_ending_label_by_label(domain, so):
    assert phrases.ends_domain(Words().government_domains, domain) is so


@pytest.mark.parametrize(
    ("phrase", "why"),
    [
        ("", "needs a letter or a digit"),
        ("*", "needs a letter or a digit"),
        ("sub*poena", "at the beginning or the end of a word"),
        ("… expired", "stands between two words"),
        ("link … … expired", "stands between two words"),
        ("link | ", "needs a letter or a digit"),
    ],
)
def test_a_phrase_that_would_find_everything_or_nothing_is_a_mistake_of_the_guide(phrase, why):
    (sentence,) = Words(urgent=(phrase,)).faults()

    assert sentence.startswith(f"urgent holds {phrase!r}") and why in sentence
    assert Mail(urgent_words=(phrase,)).faults()


@pytest.mark.parametrize(
    ("key", "text"),
    [
        ("civil", "We represent the plaintiffs in this"), ("civil", "Counsel for Defendant’s estate"), ("civil", "divorce proceedings"),
        ("demand", "the subpeona and the subpoenaed records"), ("demand", "GRAND\nJURY"), ("urgent", "exigent-circumstances"),
        ("urgent", "two missing children"), ("support", "I can’t sign in"), ("support", "my activation link has expired"),
        ("government", "the State’s Attorney"), ("withdrawal", "is withdrawn"), ("status", "Following up on my letter"),
    ],
)  # fmt: skip
def test_the_words_that_a_silent_guide_has_find_what_people_write(key, text):
    assert phrases.found(getattr(Words(), key), text)


def test_what_stands_here_has_no_mistake():
    assert Words().faults() == () and Mail().faults() == ()


@pytest.mark.parametrize(
    "text",
    ["a" * 200_000, "search" + " " * 200_000, "link " * 40_000, "link" + " -" * 100_000, "n'" * 100_000],
)
def test_no_text_keeps_the_search_busy(text):
    words = Words()

    assert not phrases.found(
        (*words.demand, *words.support, *words.conditions[:1], "*n't"), text
    ) and not phrases.begins(words.automatic, text)
