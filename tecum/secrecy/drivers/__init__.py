"""Keys in their files, and the envelope around bytes."""
