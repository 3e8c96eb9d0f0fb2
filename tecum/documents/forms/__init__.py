"""The carrier's forms as data: sections of fields, made from the guide. Printing and reading them use the same names."""
