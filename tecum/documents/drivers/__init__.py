"""The libraries that documents are made with."""
