"""Every part of a page on one page, for the eyes and for axe; and some pages that break what pages must keep."""
