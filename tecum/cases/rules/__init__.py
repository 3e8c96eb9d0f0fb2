"""What is decided about a case: pure functions."""

from tecum.cases.rules.acts import let_in, sentence, unseal
from tecum.cases.rules.senders import judged

__all__ = ["judged", "let_in", "sentence", "unseal"]
