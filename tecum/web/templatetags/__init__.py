"""The parts of every page, as template tags: signs (time, number, state) and frame (crumbs, pages, errors)."""
