"""The only writers of the catalogue. Each change and its journal entry are one transaction."""

from launchledger.catalogue.actions.observing import Observation, Outcome, observe

__all__ = ["Observation", "Outcome", "observe"]
