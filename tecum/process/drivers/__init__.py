"""What takes papers out of messages and uploads, outside every transaction."""
