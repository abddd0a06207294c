"""Write the generated pages, or with `--check` name those that are out of date: exit status 1 if any."""

from __future__ import annotations

import os
import sys
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[2] / "docs"


def pages() -> dict[str, str]:
    """The text of each generated page by its name."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "launchledger.conf.settings")
    import django

    django.setup()
    from tools.docs import commands, endpoints, settings

    return {"endpoints.md": endpoints.page(), "settings.md": settings.page(), "commands.md": commands.page()}


def main(arguments: list[str]) -> int:
    outdated = []
    for name, text in pages().items():
        file = FOLDER / name
        if not file.exists() or file.read_text(encoding="utf-8") != text:
            outdated.append(name)
            if "--check" not in arguments:
                file.write_text(text, encoding="utf-8")
    if "--check" in arguments and outdated:
        print(f"out of date: {', '.join(outdated)}; run make docs", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
