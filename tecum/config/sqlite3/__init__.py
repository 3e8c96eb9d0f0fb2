"""The embedded database as Django's own, with two differences: who writes next, and when a commit waits for the disk."""
