"""Doors for programs: REST version 1, one resource per file. A door that the guide does not open is closed."""
