"""`python -m tecum` is the `tecum` command."""

from tecum.cli.main import main

if __name__ == "__main__":
    raise SystemExit(main())
