"""What copies the database, the files and the records, and what puts them back."""
