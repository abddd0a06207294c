"""Ids in a query: form fields that refuse values that are not valid ids, without a query.

An id that no row has is not refused: the catalogue may be incomplete. The texts of the refusals are the framework's own for
choices.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import ProhibitNullCharactersValidator

from launchledger.wire.values import LARGEST_INTEGER

MOST_VALUES = 250  # of one filter; an address has room for 220 ids of launches

_LONGEST = len(str(LARGEST_INTEGER))


def id_in(text: str) -> int | None:
    """Parse an id: digits, spaces around them allowed; None for anything else and for numbers above 63 bits."""
    digits = text.strip()
    if not (digits.isascii() and digits.isdecimal()) or len(digits) > _LONGEST or int(digits) > LARGEST_INTEGER:
        return None
    return int(digits)


def check_count(values: Any) -> None:
    """Refuse more values than MOST_VALUES: the query grows with them."""
    if values and len(values) > MOST_VALUES:
        raise ValidationError(f"At most {MOST_VALUES} values are allowed; these are {len(values)}.", code="invalid")


class IdField(forms.Field):
    """One id, or None for an empty value."""

    widget: type[forms.Widget] = forms.NumberInput
    default_error_messages = {
        "invalid_choice": forms.ModelChoiceField.default_error_messages["invalid_choice"],
        "invalid_pk_value": forms.ModelMultipleChoiceField.default_error_messages["invalid_pk_value"],
    }

    def to_python(self, value: Any) -> int | None:
        if value in self.empty_values:
            return None
        ProhibitNullCharactersValidator()(value)
        id = id_in(str(value))
        if id is None:
            raise ValidationError(self.error_messages["invalid_choice"], code="invalid_choice")
        return id


class SeveralWidget(forms.TextInput):
    """Values separated by commas, in one parameter or several."""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        values = data.getlist(name) if hasattr(data, "getlist") else [data.get(name, "")]
        return ",".join(value for value in values if value)


class IdsField(IdField):
    """Several ids as a list, which is empty for an empty value."""

    widget = SeveralWidget

    def to_python(self, value: Any) -> Any:
        ProhibitNullCharactersValidator()(value or "")
        parts = [part for part in (value or "").split(",") if part.strip()]
        check_count(parts)
        return [self._id(part) for part in parts]

    def _id(self, part: str) -> int:
        id = id_in(part)
        if id is None:
            raise ValidationError(self.error_messages["invalid_pk_value"], code="invalid_pk_value", params={"pk": part})
        return id
