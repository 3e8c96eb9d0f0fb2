"""
The tests.

They start the application hundreds of times, each time in a process of its own, and pytest rewrites every file of theirs
for its assertions: what is compiled once is kept, also where a shell or an image says that nothing compiled is written.
"""

import os
import sys

sys.dont_write_bytecode = False
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
