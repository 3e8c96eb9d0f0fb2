"""Stand-alone verifiers: standard library and cryptography only, nothing of tecum."""
