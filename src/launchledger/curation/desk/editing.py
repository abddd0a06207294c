"""The page of one object at the desk: its values with their sources, the form, its parts, and what changed.

Promises: two curators who work on one object lose nothing: the second is told what changed since the form was shown, with what
was typed still in it, and may save again. All that one form changes is one transaction. An override that ends, and a deletion,
are entries of the curator as well.
"""

from __future__ import annotations

from functools import reduce
from operator import or_
from typing import Any

from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.core.exceptions import PermissionDenied
from django.db.models import Max, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse

from launchledger import clock
from launchledger.catalogue.actions import delete, end_overrides
from launchledger.catalogue.actions.overriding import CURATOR
from launchledger.catalogue.models.base import Observed
from launchledger.catalogue.queries.overview import names_of
from launchledger.catalogue.records import Key
from launchledger.curation.columns import Refused, Subject, key_of, subject_of
from launchledger.curation.desk.notes import history_of, notes_on, related_names
from launchledger.curation.desk.sheets import Sheets
from launchledger.curation.undoing import undo
from launchledger.history import wording
from launchledger.journal.models import Entry
from launchledger.journal.writing import writing
from launchledger.wire.served import DEFAULT

SERIAL = "as_of"  # the newest entry of the object and its parts when the form was shown
_LONGEST = 100  # characters of the names and numbers that buttons send


def edit(admin: ModelAdmin[Any], request: HttpRequest, id: str) -> HttpResponseBase:
    """The page of an object, and what its buttons do."""
    subject = subject_of(admin.model.kind)
    row = _row(admin, subject, id)
    if request.method != "POST":
        return _page(admin, request, subject, row, Sheets(subject, row))
    if not admin.has_change_permission(request):
        raise PermissionDenied
    source = _source(request)
    if "end" in request.POST:
        return _end(request, source)
    if "undo" in request.POST:
        return _undo(request, subject, row, source)
    sheets = Sheets(subject, row, request.POST)
    if "delete" in request.POST:
        if not sheets.has_reason():
            return _page(admin, request, subject, row, sheets)
        delete(subject.kind, row.pk, clock.now(), source, sheets.reason)
        messages.success(request, f"{_name(row)} is deleted.")
        return redirect(f"{admin.admin_site.name}:{_route(admin)}_changelist")
    with writing():  # nobody else writes between the comparison and the change
        if request.POST.get(SERIAL) != str(_newest(sheets)):
            sheets.main.add_error(
                None,
                "Somebody changed this object meanwhile: see what changed, below. Save again to write your values over theirs.",
            )
        elif sheets.save(source):
            messages.success(request, f"{_name(row)} is changed.")
            return redirect(request.path)
    return _page(admin, request, subject, row, sheets)


def add(admin: ModelAdmin[Any], request: HttpRequest) -> HttpResponseBase:
    """The page of an object that is to be made."""
    if not admin.has_add_permission(request):
        raise PermissionDenied
    subject = subject_of(admin.model.kind)
    sheets = Sheets(subject, None, request.POST or None)
    if request.method == "POST" and (key := sheets.save(_source(request))):
        messages.success(request, f"{subject.name}/{key}/ is made.")
        return redirect(f"{admin.admin_site.name}:{_route(admin)}_change", key)
    return _page(admin, request, subject, None, sheets)


def _source(request: HttpRequest) -> str:
    """The name of the curator, as a source of the journal."""
    return f"{CURATOR}{request.user.get_username()}"


def _end(request: HttpRequest, source: str) -> HttpResponseBase:
    """End the override that a button names: the kind, the id and the column."""
    kind, _, rest = request.POST["end"][: 3 * _LONGEST].partition(" ")
    key, _, column = rest.partition(" ")
    ended = end_overrides({(kind, key, column)}, source)
    messages.success(request, "The value is as observed again." if ended else "There is no such override any more.")
    return redirect(request.path)


def _undo(request: HttpRequest, subject: Subject, row: Observed, source: str) -> HttpResponseBase:
    number = request.POST["undo"][:18]
    try:
        undo(subject.kind, str(row.pk), int(number) if number.isdecimal() else 0, source)
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, "It is undone.")
    return redirect(request.path)


def _row(admin: ModelAdmin[Any], subject: Subject, id: str) -> Observed:
    try:
        key = key_of(subject, id)
    except Refused as refused:
        raise Http404(str(refused)) from None
    row: Observed | None = admin.get_queryset(HttpRequest()).filter(pk=key).first()
    if row is None:
        raise Http404(f"{subject.name}/{key}/ is not in this catalogue.")
    return row


def _page(admin: ModelAdmin[Any], request: HttpRequest, subject: Subject, row: Observed | None, sheets: Sheets) -> HttpResponse:
    title = f"A new {wording.kind(subject.kind)}" if row is None else _name(row)
    context = {
        **admin.admin_site.each_context(request),
        "title": title,
        "opts": admin.model._meta,
        "sheets": sheets,
        "may_change": admin.has_change_permission(request),
        "row": row,
        "as_of": _newest(sheets),
        "wire": f"{request.META['SCRIPT_NAME']}/{DEFAULT.version}/{subject.name}/{row.pk}/"
        if row and subject.name in DEFAULT.resources
        else "",
        "notes": {sheet.prefix: notes_on(sheet.subject, sheet.row) for sheet in sheets.all if sheet.row is not None},
        "named": {sheet.prefix: related_names(sheet.subject, sheet.values) for sheet in sheets.all if sheet.row is not None},
        "history": history_of(subject, row) if row else [],
    }
    return TemplateResponse(request, "launchledger/desk/object.html", context)


def _newest(sheets: Sheets) -> int:
    """The serial of the newest entry of the object and of its parts."""
    rows = [Q(kind=sheet.row.kind, key=str(sheet.row.pk)) for sheet in sheets.all if sheet.row is not None]
    return (Entry.objects.filter(reduce(or_, rows)).aggregate(newest=Max("serial"))["newest"] or 0) if rows else 0


def _name(row: Observed) -> str:
    key: Key = row.pk
    names, _ = names_of([(row.kind, str(key))])
    return names.get((row.kind, str(key))) or f"{wording.kind(row.kind)} {key}"


def _route(admin: ModelAdmin[Any]) -> str:
    return f"{admin.model._meta.app_label}_{admin.model._meta.model_name}"
