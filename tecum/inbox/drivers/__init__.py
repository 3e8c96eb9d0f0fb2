"""What touches strangers' bytes (in a process of its own), DNS and other daemons."""
