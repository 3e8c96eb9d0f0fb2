"""Decisions about surveillance as plain functions: what an authority covers, when access is cut, what a switch may do."""
