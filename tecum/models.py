"""Lists the tables of every capability, so that Django finds them under one label."""

from tecum.accounts.models import Person
from tecum.deadlines.models import Deadline

__all__ = ["Deadline", "Person"]
