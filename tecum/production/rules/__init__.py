"""What goes into a production, and whether it may; no database."""
