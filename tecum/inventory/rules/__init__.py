"""Decisions about numbers as plain functions: runs and their edits, timelines, files, age."""
