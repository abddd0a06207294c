"""Making objects of one's own: rows that no upstream has, with ids that upstream never gives (docs/adr/0008).

Promises: one call is one transaction; the new row is observed with the source `override` or a curator, so a mirror never asks
an upstream for it, and the journal has the reason. Refuses what an override refuses.
"""

from __future__ import annotations

from collections.abc import Sequence
from uuid import NAMESPACE_URL, uuid5

from django.db import models

from launchledger import clock
from launchledger.catalogue.actions.columns import OwnedList, table
from launchledger.catalogue.actions.observing import Observation, observe
from launchledger.catalogue.actions.overriding import SOURCE, OverrideRefused, Wanted, check
from launchledger.catalogue.models.base import Observed
from launchledger.catalogue.models.kinds import model_of
from launchledger.catalogue.records import Key, Record
from launchledger.catalogue.starter import FIRST_OWN_ID
from launchledger.journal.writing import writing


def next_own_key(kind: str) -> Key:
    """The key of the next object of one's own of this kind."""
    model = model_of(kind)
    rows = model._default_manager.all()
    if not isinstance(model._meta.pk, models.CharField):
        largest = rows.filter(pk__gte=FIRST_OWN_ID).aggregate(models.Max("pk"))["pk__max"]
        return FIRST_OWN_ID if largest is None else int(largest) + 1
    number = FIRST_OWN_ID
    while rows.filter(pk=(key := _uuid(model, number))).exists():
        number += 1
    return key


def create(columns: Sequence[Wanted], source: str = SOURCE) -> None:
    """Make the object that these columns describe; all have its kind and key, and a reason. Raises OverrideRefused."""
    now = clock.now()
    kind, key, reason = columns[0].kind, columns[0].key, columns[0].reason
    model = model_of(kind)
    with writing():
        check(columns, now, is_new=True)
        if model._default_manager.filter(pk=key).exists():
            raise OverrideRefused(0, f"{kind} {key} exists already")
        record = Record(kind, key)
        for each in columns:
            model_list = table(model).lists.get(each.column)
            if model_list is None:
                record.columns |= each.values
            elif isinstance(model_list, OwnedList):
                record.owned[each.column] = each.values[each.column]
            else:
                record.lists[each.column] = each.values[each.column]
        observe([Observation([record], source, now)], reason)


def _uuid(model: type[Observed], number: int) -> str:
    return str(uuid5(NAMESPACE_URL, f"https://launchledger.invalid/{model.kind}/{number}/"))
