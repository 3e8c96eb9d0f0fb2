"""People, sign-in, the roles they hold, single-use links."""
