"""The desk of the order administrator: court orders from their arrival to their end."""
