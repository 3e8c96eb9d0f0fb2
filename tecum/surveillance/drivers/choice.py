"""Which driver works a switch."""

from pathlib import Path

from django.conf import settings

from tecum.guide.model.surveillance import Switch
from tecum.surveillance.drivers.port import Port
from tecum.surveillance.drivers.simulator import Simulator


def port(switch: Switch) -> Port | None:
    """Return what reaches a switch; nothing where a technician works it by hand."""
    if switch.driver == "simulator":
        return simulator(switch.id)
    return None


def simulator(switch: str) -> Simulator:
    """Return the played switch of a name."""
    return Simulator(Path(settings.DATA) / "switches" / f"{switch}.sqlite3")
