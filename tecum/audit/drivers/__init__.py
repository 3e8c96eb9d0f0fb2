"""What the trail touches outside the database: the signing key, and the places that keep checkpoints."""
