"""The pages of switches: what starts and ends, what differs, and a technician's work."""
