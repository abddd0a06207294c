"""`search`, with the framework's meaning over the declared columns: every word must be in one of them.

Promises: a search is split into words as the framework splits it, and costs no more than MOST_WORDS different words of
LONGEST_WORD characters. Refuses more and longer words with a 400.
"""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from rest_framework.exceptions import ValidationError
from rest_framework.fields import CharField
from rest_framework.filters import search_smart_split

from launchledger.catalogue.models.kinds import model_of
from launchledger.catalogue.queries.texts import containing, search_in
from launchledger.wire.resources import Resource

MOST_WORDS = 10  # different ones, in any case; each costs a scan of the searched texts
LONGEST_WORD = 100  # characters; names of launches have some 60

_TEXT = CharField(trim_whitespace=False, allow_blank=True)  # as the framework's own search reads its parameter


def search_fields(resource: Resource) -> tuple[str, ...]:
    """The columns that `search` searches; the name where a resource declares none."""
    return () if resource.search is None else resource.search or name_columns(resource)


def name_columns(resource: Resource) -> tuple[str, ...]:
    return tuple(field.name for field in model_of(resource.model)._meta.concrete_fields if field.name == "name")


def words_of(text: str) -> list[str]:
    """The different words of a search, in lower case; ValidationError for invalid text, too many or too long words."""
    words = list(dict.fromkeys(word.lower() for word in search_smart_split(_TEXT.run_validation(text))))
    if len(words) > MOST_WORDS:
        raise ValidationError(f"A search has at most {MOST_WORDS} different words; this one has {len(words)}.")
    longest = max(map(len, words), default=0)
    if longest > LONGEST_WORD:
        raise ValidationError(f"A word has at most {LONGEST_WORD} characters; one of these has {longest}.")
    return words


def searched(resource: Resource, rows: QuerySet[Any], text: str) -> QuerySet[Any]:
    """The rows that contain every word of a text, all if it has none."""
    if not text:
        return rows
    try:
        words = words_of(text)
    except ValidationError as error:  # by the parameter's name, as for filters (the contract's 400)
        raise ValidationError({"search": error.detail}) from None
    if not words:
        return rows
    search = search_in(resource.model, resource.search) if resource.search else None
    if search is not None:
        return containing(search, rows, words)
    for column in search_fields(resource):  # a short list, searched by name if it has one
        for word in words:
            rows = rows.filter(**{f"{column}__icontains": word})
    return rows
