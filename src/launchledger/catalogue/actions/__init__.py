"""The only writers of the catalogue. Each change and its journal entry are one transaction."""

from launchledger.catalogue.actions.observing import Observation, Outcome, observe
from launchledger.catalogue.actions.starting import observe_starter

__all__ = ["Observation", "Outcome", "observe", "observe_starter"]
