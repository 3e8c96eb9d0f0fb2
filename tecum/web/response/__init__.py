"""The response desk: legal demands as the analyst works on them."""
