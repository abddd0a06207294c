"""The only writers of the catalogue. Each change and its journal entry are one transaction."""

from launchledger.catalogue.actions.correcting import correct
from launchledger.catalogue.actions.creating import create, next_own_key
from launchledger.catalogue.actions.deleting import LONGEST_REASON, Deletion, delete
from launchledger.catalogue.actions.observing import Observation, Outcome, observe
from launchledger.catalogue.actions.overriding import (
    MOST_OVERRIDES,
    OverrideRefused,
    Wanted,
    end_due_overrides,
    end_overrides,
    override,
)
from launchledger.catalogue.actions.recomputing import recompute
from launchledger.catalogue.actions.refreshing import Refresher, recompute_if_rules_changed, refresh
from launchledger.catalogue.actions.starting import observe_starter
from launchledger.catalogue.actions.texts import complete_texts, rebuild_texts

__all__ = [
    "LONGEST_REASON",
    "MOST_OVERRIDES",
    "Deletion",
    "Observation",
    "Outcome",
    "OverrideRefused",
    "Refresher",
    "Wanted",
    "complete_texts",
    "correct",
    "create",
    "delete",
    "end_due_overrides",
    "end_overrides",
    "next_own_key",
    "observe",
    "observe_starter",
    "override",
    "rebuild_texts",
    "recompute",
    "recompute_if_rules_changed",
    "refresh",
]
