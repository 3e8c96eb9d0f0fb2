"""Decisions about records, without a database."""
