"""The only writers of the catalogue. Each change and its journal entry are one transaction."""

from launchledger.catalogue.actions.deriving import recompute
from launchledger.catalogue.actions.observing import Observation, Outcome, observe
from launchledger.catalogue.actions.refreshing import Refresher, refresh
from launchledger.catalogue.actions.starting import observe_starter

__all__ = ["Observation", "Outcome", "Refresher", "observe", "observe_starter", "recompute", "refresh"]
