"""Which tests may import which."""

import re
from pathlib import Path

HERE = Path(__file__).parent
IMPORT = re.compile(r"\b(?:from|import) tests(?:\.| import )(\w+)")  # also in the text of programs that tests start


def test_packages_share_nothing_but_support() -> None:
    """A package of tests imports itself and `tests.support`; what two packages need moves there. Support imports itself alone."""
    wrong = []
    for file in sorted(HERE.rglob("*.py")):
        place = file.relative_to(HERE)
        package = place.parts[0] if len(place.parts) > 1 else "support"
        names = set(IMPORT.findall(file.read_text(encoding="utf-8")))
        wrong += [f"{place} imports tests.{name}" for name in sorted(names - {package, "support"})]
    assert wrong == []
