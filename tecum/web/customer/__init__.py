"""The self-service area of a wholesale customer: its card, its consents, its history."""
