"""
Libraries that a process reads in when it first uses them: for those that cost every start a good part of a second.

Whoever cuts a surveillance, or types a command, is not to wait for the maker of spreadsheets.
"""

import importlib
from typing import Any


class Later:
    """One module by its name; what is asked of it is the module's own. Any thread may be the first to ask."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, wanted: str) -> Any:
        return getattr(importlib.import_module(self._name), wanted)
