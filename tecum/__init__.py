"""Tecum: a telephone carrier's law-enforcement response desk."""
