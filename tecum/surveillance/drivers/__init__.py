"""How switches are worked: one port, the switch that is only played, and where a driver for a real one fits."""
