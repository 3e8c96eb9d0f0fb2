"""How facts become charges, how payments find their invoices: plain functions over frozen values."""
