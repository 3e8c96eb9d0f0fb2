"""A door without people: claims what is due and calls the operation that the table names for its kind."""
