"""Which version of the carrier's guide is in force: `queries.at(now)` is the only way to ask for policy."""
