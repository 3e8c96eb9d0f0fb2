"""Decisions of the ladder and the roster, without a database."""
