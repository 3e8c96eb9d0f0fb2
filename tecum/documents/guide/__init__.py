"""The published guide: pages and PDF made from the values that also decide, so that the two cannot differ."""
