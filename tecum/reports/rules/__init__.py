"""How figures come out of the trail: plain functions and tallies over frozen entries."""
