"""The pages of supervising officers: who of their agency still serves, and who left (R-010, W10)."""
