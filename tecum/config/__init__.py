"""Assembly: settings, addresses, the clock that doors read, checks of this machine's configuration."""
