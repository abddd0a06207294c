"""Invented words: names that repeat like real ones, so that searches find something, and running text of any length."""

from __future__ import annotations

from random import Random

# A search for one of these finds many, some or few rows.
MAKERS = (
    "Norvik",
    "Atalan",
    "Perun",
    "Solaris",
    "Kestrel",
    "Zephyr",
    "Aurora",
    "Boreal",
    "Meridian",
    "Tycho",
    "Vesper",
    "Orient",
)
KINDS = ("Lifter", "Arrow", "Heron", "Falke", "Comet", "Lynx", "Titanid", "Delfin", "Osprey", "Sirius", "Nimbus", "Halcyon")
GOALS = ("Starweb", "Skynet", "Observer", "Relay", "Cargo", "Crew", "Probe", "Survey", "Beacon", "Navigator", "Weather", "Gazer")
GIVEN = (
    "Ana",
    "Boris",
    "Chiara",
    "Dmitri",
    "Élise",
    "Fatima",
    "Gustav",
    "Hana",
    "Igor",
    "Jūlija",
    "Kenji",
    "Lars",
    "Mei",
    "Nils",
)
FAMILY = ("Aarden", "Bellini", "Corvo", "Dubois", "Eriksen", "Fujita", "Gómez", "Haas", "Ivanov", "Jensen", "Køhler", "Larsson")

_SYLLABLES = (
    "ba",
    "cor",
    "de",
    "el",
    "fi",
    "gor",
    "ha",
    "in",
    "ju",
    "kel",
    "lo",
    "ma",
    "nu",
    "or",
    "pé",
    "qua",
    "ri",
    "sta",
    "tø",
    "ur",
)
_CORPUS = 400_000  # characters


class Text:
    """Running text, cut from one long text that follows from the seed."""

    def __init__(self, seed: int) -> None:
        chance = Random(f"text {seed}")
        words = ["".join(chance.choices(_SYLLABLES, k=chance.randint(1, 4))) for _ in range(2_000)]
        self._corpus = " ".join(chance.choices(words, k=_CORPUS // 5))[:_CORPUS]

    def cut(self, chance: Random, mean: int) -> str:
        """Between half and one and a half times `mean` characters, without a space at either end."""
        length = chance.randint(mean // 2 + 1, mean + mean // 2)
        start = int(chance.random() * (_CORPUS - length))
        return self._corpus[start : start + length].strip() or "a"

    def address(self, chance: Random, mean: int) -> str:
        """An address of about `mean` characters on a host that does not exist."""
        digits = f"{chance.getrandbits(400):x}"
        return f"https://media.example.org/{digits}"[: max(30, chance.randint(mean - 8, mean + 8))]
