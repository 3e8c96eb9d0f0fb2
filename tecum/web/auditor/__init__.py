"""The auditor's pages: the trail with search, its verification, one entry with its proof, a bundle to take away."""
