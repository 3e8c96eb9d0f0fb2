"""What is decided about a legal process received: pure functions over the guide and what the paper says."""
