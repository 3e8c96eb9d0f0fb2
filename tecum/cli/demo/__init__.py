"""
`tecum demo`: an invented carrier on loopback, ready to click.

*Halyard Wholesale* has some 210,000 numbers in area codes that nobody can have, 40 wholesale customers with mixed
consents, five agencies, and one person per role. Every later capability adds its story here.
"""

from tecum.cli.demo.command import register

__all__ = ["register"]
