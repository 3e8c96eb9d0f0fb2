"""What can be done to the records: one module for each part, one function per verb."""
