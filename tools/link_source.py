#!/usr/bin/env python3
"""Make this repository's source and commands available in the virtual environment that runs this file, without a build.

An editable install is a build, and build tools are in the development lock only. A path file and short scripts suffice.
"""

from __future__ import annotations

import sys
import sysconfig
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SCRIPT = """#!{python}
import sys
from {module} import {function}

sys.exit({function}())
"""


def main() -> None:
    if sys.prefix == sys.base_prefix:
        sys.exit("link_source.py must run in a virtual environment, not in the system's Python")
    Path(sysconfig.get_path("purelib"), "launchledger-source.pth").write_text(f"{ROOT / 'src'}\n", encoding="utf-8")
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    for name, entry in project["scripts"].items():
        module, function = entry.split(":")
        script = Path(sysconfig.get_path("scripts"), name)
        script.write_text(SCRIPT.format(python=sys.executable, module=module, function=function), encoding="utf-8")
        script.chmod(0o755)


if __name__ == "__main__":
    main()
