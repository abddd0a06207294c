"""Spans of time as people say them: in the largest units, such as `2 h 40 min`."""

from __future__ import annotations

_UNITS = (("d", 86_400), ("h", 3600), ("min", 60), ("s", 1))


def span(seconds: float, *, units: int = 2) -> str:
    """A span such as `2 h 40 min`, `3 d` or `12 s`, in no more than so many units; a negative one is `0 s`."""
    left = max(round(seconds), 0)
    largest = next((place for place, (_, length) in enumerate(_UNITS) if left >= length), len(_UNITS) - 1)
    smallest = min(largest + units - 1, len(_UNITS) - 1)
    left = round(left / _UNITS[smallest][1]) * _UNITS[smallest][1]
    written = []
    for unit, length in _UNITS[: smallest + 1]:
        number, left = divmod(left, length)
        if number:
            written.append(f"{number} {unit}")
    return " ".join(written) or "0 s"


def in_hours(seconds: float) -> str:
    """A span in hours and minutes, however long, such as `39 h 54 min`: the field gives times of spacewalks like that."""
    hours, minutes = divmod(round(max(seconds, 0) / 60), 60)
    return f"{hours:,} h {minutes:02} min" if hours else f"{minutes} min"
