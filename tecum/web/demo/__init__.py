"""The demo's front door: one click per role. Its addresses exist only where TECUM_DEMO is set, on loopback."""
