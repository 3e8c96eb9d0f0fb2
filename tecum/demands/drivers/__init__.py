"""What the work on demands needs beside tables."""
