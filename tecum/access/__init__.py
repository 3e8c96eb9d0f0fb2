"""Permissions and roles as data, and `require`, the one question. No Django."""
