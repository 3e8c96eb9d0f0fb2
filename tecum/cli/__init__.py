"""The `tecum` command: one module per noun, each with `register(commands)`."""
