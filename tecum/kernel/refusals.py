"""How an operation says no: with a sentence for the person who asked (poster, rule 5)."""


class Refused(Exception):
    """An act that the rules do not allow; `str()` is a sentence that can be shown to the person."""


class NotYours(Refused):
    """Unknown or forbidden: the two are never told apart (decisions, part E)."""

    def __init__(self, sentence: str = "There is no such page, or it is not yours to see.") -> None:
        super().__init__(sentence)
