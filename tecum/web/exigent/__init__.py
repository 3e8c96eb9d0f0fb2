"""Emergencies: the board of whoever is on call, and the page of a request that leads through the verification."""
