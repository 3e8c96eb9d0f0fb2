"""`./run bench`: lists the measured claims; `./run bench NAME …` runs one."""

import runpy
import sys
from pathlib import Path

NOT_CLAIMS = {"house", "prove", "served", "settings"}

if __name__ == "__main__":
    here = Path(__file__).parent
    claims = {path.stem: path for path in here.glob("[a-z]*.py") if path.stem not in NOT_CLAIMS}
    claims |= {path.parent.name: path.with_name("__init__.py") for path in here.glob("*/__main__.py")}
    names = sorted(claims)
    if len(sys.argv) < 2 or sys.argv[1] not in names:
        for name in names:
            module = claims[name].read_text()
            first = module.split('"""')[1].strip().splitlines()[0] if '"""' in module else ""
            print(f"{name:<12}{first}")
        raise SystemExit(0 if len(sys.argv) < 2 else 2)
    name = sys.argv.pop(1)
    runpy.run_module(f"benchmarks.{name}", run_name="__main__", alter_sys=True)
