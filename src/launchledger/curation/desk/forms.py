"""The form of one object, with a field for each column that can be overridden, and that of the reason.

Promises: only fields whose text was changed are overridden. A refused value is an error of its field, and what was typed stays.
An empty field is no value where the wire allows null, and else an empty text or list.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.urls import reverse
from django.utils.safestring import SafeString

from launchledger.catalogue.actions import LONGEST_REASON, Wanted
from launchledger.catalogue.records import Key
from launchledger.curation.columns import LONGEST_VALUE, Column, Refused, Subject, value_in, wanted
from launchledger.curation.desk.naming import choices_of
from launchledger.curation.values import columns_of, text_of
from launchledger.formats.texts import printable
from launchledger.wire.fields import Kind

_LONG = 80  # characters, from which on a text has more than one line


class ReasonForm(forms.Form):
    reason = forms.CharField(
        max_length=LONGEST_REASON,
        label="Reason",
        help_text="Why: the journal stores it with your name.",
        widget=forms.TextInput(attrs={"size": 60}),
    )


class ObjectForm(forms.Form):
    """The fields of a subject's columns. `values` are the effective ones by the names of the columns, as a file has them."""

    def __init__(self, subject: Subject, values: Mapping[str, Any], *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        self._columns = {column.name: column for column in columns_of(subject)}
        for name, column in self._columns.items():
            self.fields[name] = _field(column, values.get(name))

    def wanted(self, key: Key, reason: str) -> list[Wanted]:
        """The overrides of the columns whose text was changed; adds an error to each field that is refused."""
        found = []
        for name in self.changed_data:
            try:
                found.append(wanted(self._columns[name], key, self._value(name), reason))
            except Refused as refused:
                self.add_error(name, printable(str(refused)))
        return [] if self.errors else found

    def _value(self, name: str) -> Any:
        column, text = self._columns[name], self.cleaned_data[name]
        if not text:
            return (
                None if column.field.null and column.field.kind is not Kind.MANY else [] if column.field.kind is Kind.MANY else ""
            )
        return value_in(column, text)

    def refuse(self, wanted: Wanted, reason: str) -> None:
        """Add the refusal of an override to its field, or to the form where it has none."""
        names = {column.field.column: name for name, column in self._columns.items()}
        self.add_error(names.get(wanted.column), printable(reason))


def _field(column: Column, value: Any) -> forms.Field:
    initial = "" if value is None else text_of(column, value)
    more: dict[str, Any] = {"required": False, "initial": initial, "label": _label(column), "show_hidden_initial": True}
    kind = column.field.kind
    if kind is Kind.BOOLEAN:
        choices = [("true", "yes"), ("false", "no")]
        return forms.ChoiceField(choices=[("", "unknown"), *choices] if column.field.null else choices, **more)
    if kind is Kind.ONE and (choices := choices_of(column.member)):
        return forms.ChoiceField(choices=[("", "none"), *choices], **more)
    is_long = kind is Kind.MANY or len(initial) > _LONG
    found = {"data-find": f"{reverse('desk:find')}?kind={column.member}"} if kind is Kind.ONE else {}
    widget = forms.Textarea(attrs={"rows": 3, "cols": 60}) if is_long else forms.TextInput(attrs={"size": 40, **found})
    return forms.CharField(max_length=LONGEST_VALUE, strip=False, widget=widget, help_text=_help(column), **more)


def _label(column: Column) -> str:
    return column.name.replace("_", " ").replace(".", ": ")


def _help(column: Column) -> str | SafeString:
    kind = column.field.kind
    if kind is Kind.MANY and column.has_ids:
        return "Names or ids in order, with commas between them."
    if kind is Kind.MANY:
        return "JSON, as on the wire."
    if kind is Kind.ONE:
        return "The name or the id of the other object."
    return {
        Kind.DATE_TIME: "A time such as 2026-07-21T14:00:00Z.",
        Kind.DATE: "A date such as 2026-07-21.",
        Kind.DURATION: "A duration such as P1DT2H30M.",
    }.get(kind, "")
