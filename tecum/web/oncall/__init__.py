"""The pages of whoever is on call, of the roster's keeper, and of the NOC."""
