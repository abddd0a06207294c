"""The forms of one page: of the object, of each of its parts, and of parts that may be added; and the one reason for all.

Promises: they are saved together, or none is. A form of a part that was left as it was does nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from launchledger.catalogue.actions import OverrideRefused, Wanted, correct, next_own_key
from launchledger.catalogue.models.base import Observed
from launchledger.catalogue.queries.overview import names_of
from launchledger.catalogue.records import Key
from launchledger.curation.columns import Subject
from launchledger.curation.desk.forms import ObjectForm, ReasonForm
from launchledger.curation.parts import Place, attached, parts_at, places_of
from launchledger.curation.values import values_of
from launchledger.history import wording


@dataclass(frozen=True, slots=True)
class Sheet:
    """One form with its heading. `row` is None for an object that may be added, `place` None for the page's own object."""

    heading: str
    subject: Subject
    form: ObjectForm
    row: Observed | None
    place: Place | None
    values: Mapping[str, Any]

    @property
    def prefix(self) -> str:
        return self.form.prefix or ""


class Sheets:
    """All forms of a page; `data` is what was sent, None where the page is only shown."""

    def __init__(self, subject: Subject, row: Observed | None, data: Mapping[str, Any] | None = None) -> None:
        self._data = data
        self.reason_form = ReasonForm(data)
        self._subject, self._row = subject, row
        self.all = list(self._sheets())

    @property
    def main(self) -> ObjectForm:
        return self.all[0].form

    @property
    def reason(self) -> str:
        """The reason, once `has_reason` was true."""
        text: str = self.reason_form.cleaned_data["reason"]
        return text

    @property
    def have_errors(self) -> bool:
        return bool(self._data is not None and (self.reason_form.errors or any(sheet.form.errors for sheet in self.all)))

    def has_reason(self) -> bool:
        return self.reason_form.is_valid()

    def save(self, source: str) -> Key | None:
        """Write what was changed, in one transaction; returns the object's key, None where a form has an error instead."""
        if not all([self.has_reason(), *(sheet.form.is_valid() for sheet in self.all)]):
            return None
        new: list[tuple[Sheet, list[Wanted]]] = []
        changed: list[tuple[Sheet, Wanted]] = []
        key: Key | None = self._row.pk if self._row else None
        for sheet in self.all:
            if not sheet.form.has_changed():
                continue
            of_sheet: Key = sheet.row.pk if sheet.row else self._own_key(sheet, new)
            columns = sheet.form.wanted(of_sheet, self.reason)
            if sheet.row is not None:
                changed += [(sheet, each) for each in columns]
            elif columns:
                if sheet.place is None:
                    key = of_sheet
                elif self._row is not None:
                    with_it, of_owner = attached(sheet.place, self._row, of_sheet, self.reason)
                    columns += with_it
                    changed += [(sheet, each) for each in of_owner]
                new.append((sheet, columns))
        if any(sheet.form.errors for sheet in self.all):
            return None
        if not new and not changed:
            self.main.add_error(None, "No value was changed.")
            return None
        return key if self._write(new, changed, source) else None

    def _write(self, new: list[tuple[Sheet, list[Wanted]]], changed: list[tuple[Sheet, Wanted]], source: str) -> bool:
        try:
            correct([columns for _, columns in new], [each for _, each in changed], source)
        except OverrideRefused as refused:
            places = [(sheet, each) for sheet, columns in new for each in columns] + changed
            sheet, wanted = places[refused.place]
            sheet.form.refuse(wanted, str(refused))
            return False
        return True

    def _own_key(self, sheet: Sheet, new: list[tuple[Sheet, list[Wanted]]]) -> Key:
        """The key of an object that is to be made; several of one kind follow each other."""
        key = next_own_key(sheet.subject.kind)
        before = sum(other.subject.kind == sheet.subject.kind for other, _ in new)
        return key + before if isinstance(key, int) else key

    def _sheets(self) -> Iterator[Sheet]:
        subject, row = self._subject, self._row
        yield self._sheet("", subject, row, "it", None)
        if row is None:
            return
        for place in places_of(subject):
            name = wording.column(place.name)
            parts = parts_at(place, row)
            names, _ = names_of([(part.kind, str(part.pk)) for part in parts])
            for part in parts:
                heading = f"{name}: {names.get((part.kind, str(part.pk))) or wording.kind(place.member.kind)} ({part.pk})"
                yield self._sheet(heading, place.member, part, f"{place.name}-{part.pk}", place)
            if place.kind != "relation" or not parts:
                heading = f"Add to {name}: a new {wording.kind(place.member.kind)}"
                yield self._sheet(heading, place.member, None, f"{place.name}-new", place)

    def _sheet(self, heading: str, subject: Subject, row: Observed | None, prefix: str, place: Place | None) -> Sheet:
        values = values_of(subject, row) if row is not None else {}
        form = ObjectForm(subject, values, self._data, prefix=prefix, use_required_attribute=False)
        return Sheet(heading, subject, form, row, place, values)
