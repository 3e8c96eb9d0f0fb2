"""Lists the tables of every capability, so that Django finds them under one label."""

from tecum.accounts.models import Person

__all__ = ["Person"]
