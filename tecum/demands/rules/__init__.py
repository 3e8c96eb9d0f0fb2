"""Decisions about legal demands, as plain functions: the scope compiler, what is held, who may withdraw."""
