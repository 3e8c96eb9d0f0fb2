"""Pure decisions about emergencies."""
