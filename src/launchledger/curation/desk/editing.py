"""The page of one object at the desk: its values with their sources, the form, overrides, and what changed.

Promises: two curators who work on one object lose nothing: the second is told what changed since the form was shown, with what
was typed still in it, and may save again. An override that ends, and a deletion, need a reason as well.
"""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse

from launchledger import clock
from launchledger.catalogue.actions import OverrideRefused, Wanted, create, delete, end_overrides, next_own_key, override
from launchledger.catalogue.actions.overriding import CURATOR
from launchledger.catalogue.actions.seen import parse_observations
from launchledger.catalogue.models.base import Observed
from launchledger.catalogue.models.overrides import Override
from launchledger.catalogue.queries.overview import names_of
from launchledger.curation.columns import Refused, Subject, column_of, key_of, subject_of, written
from launchledger.curation.desk.forms import ObjectForm
from launchledger.curation.values import text_of, values_of
from launchledger.formats.times import UNKNOWN
from launchledger.history import wording
from launchledger.history.changes import Filters
from launchledger.history.telling import Told, latest_changes, tell
from launchledger.journal.models import Entry
from launchledger.wire.served import DEFAULT

HISTORY = 15  # transactions
_READ = 60  # entries
SERIAL = "as_of"  # the newest entry of the object when its form was shown


def edit(admin: ModelAdmin[Any], request: HttpRequest, id: str) -> HttpResponseBase:
    """The page of an object, and what its buttons do."""
    subject = subject_of(admin.model.kind)
    row = _row(admin, subject, id)
    values = values_of(subject, row)
    if request.method != "POST":
        return _page(admin, request, subject, row, ObjectForm(subject, values))
    if not admin.has_change_permission(request):
        raise PermissionDenied
    source = f"{CURATOR}{request.user}"
    if "end" in request.POST:
        ended = end_overrides({(subject.kind, str(row.pk), request.POST["end"][:100])}, source)
        messages.success(request, "The value is as observed again." if ended else "There is no such override any more.")
        return redirect(request.path)
    form = ObjectForm(subject, values, request.POST)
    if not form.is_valid():
        return _page(admin, request, subject, row, form)
    if "delete" in request.POST:
        delete(subject.kind, row.pk, clock.now(), source, form.cleaned_data["reason"])
        messages.success(request, f"{_name(row)} is deleted.")
        return redirect(f"{admin.admin_site.name}:{_route(admin)}_changelist")
    if request.POST.get(SERIAL) != str(_newest(row)):
        form.add_error(None, "Somebody changed this object meanwhile; see what changed below. Save again to keep your values.")
        return _page(admin, request, subject, row, form)
    if _save(form, lambda made: override(made, source), row.pk):
        messages.success(request, f"{_name(row)} is changed.")
        return redirect(request.path)
    return _page(admin, request, subject, row, form)


def add(admin: ModelAdmin[Any], request: HttpRequest) -> HttpResponseBase:
    """The page of an object that is to be made."""
    if not admin.has_add_permission(request):
        raise PermissionDenied
    subject = subject_of(admin.model.kind)
    form = ObjectForm(subject, {}, request.POST or None)
    if request.method == "POST" and form.is_valid():
        key = next_own_key(subject.kind)
        source = f"{CURATOR}{request.user}"
        if _save(form, lambda made: create(made, source), key):
            messages.success(request, f"{subject.name}/{key}/ is made.")
            return redirect(f"{admin.admin_site.name}:{_route(admin)}_change", key)
    return _page(admin, request, subject, None, form)


def _save(form: ObjectForm, write: Any, key: Any) -> bool:
    """Write what the form wants; returns whether it was written. Otherwise the form says why not."""
    made: list[Wanted] = form.wanted(key)
    if not made:
        return False
    try:
        write(made)
    except OverrideRefused as refused:
        form.refuse(refused.place, str(refused), made)
        return False
    return True


def _row(admin: ModelAdmin[Any], subject: Subject, id: str) -> Observed:
    try:
        key = key_of(subject, id)
    except Refused as refused:
        raise Http404(str(refused)) from None
    row: Observed | None = admin.get_queryset(HttpRequest()).filter(pk=key).first()
    if row is None:
        raise Http404(f"{subject.name}/{key}/ is not in this catalogue.")
    return row


def _page(
    admin: ModelAdmin[Any], request: HttpRequest, subject: Subject, row: Observed | None, form: ObjectForm
) -> HttpResponse:
    title = "A new object: " + wording.kind(subject.kind) if row is None else _name(row)
    context = {
        **admin.admin_site.each_context(request),
        "title": title,
        "opts": admin.model._meta,
        "form": form,
        "may_change": admin.has_change_permission(request),
        "row": row,
        "as_of": _newest(row) if row else 0,
        "wire": f"/{DEFAULT.version}/{subject.name}/{row.pk}/" if row and subject.name in DEFAULT.resources else "",
        "notes": _notes(subject, row) if row else {},
        "history": _history(subject, row) if row else [],
    }
    return TemplateResponse(request, "launchledger/desk/object.html", context)


def _notes(subject: Subject, row: Observed) -> dict[str, dict[str, Any]]:
    """By the name of a column, where its value comes from; for an override also what was observed, and why it was made."""
    seen = parse_observations(row.observations)
    notes: dict[str, dict[str, Any]] = {}
    for name, sighting in seen.items():
        try:
            column = column_of(subject.kind, name)
        except LookupError:
            continue
        at = "" if sighting.at <= UNKNOWN else wording.minute(sighting.at)
        notes[column.name] = {"source": wording.source(sighting.source), "at": at}
    for each in Override.objects.filter(kind=subject.kind, key=str(row.pk)):
        column = column_of(subject.kind, each.column)
        observed = text_of(column, written(column, each.observed_value))
        note = notes.setdefault(column.name, {"source": "never observed", "at": ""})
        notes[column.name] = {**note, "observed": observed, "reason": each.reason, "until": each.until, "column": each.column}
    return notes


def _history(subject: Subject, row: Observed) -> list[Told]:
    path = DEFAULT.path_of_model.get(subject.kind, "")
    if not path:
        return []
    return tell(latest_changes(Filters(resource=path, id=str(row.pk)), _READ), HISTORY)


def _newest(row: Observed) -> int:
    """The serial of the newest entry of an object."""
    found = Entry.objects.filter(kind=row.kind, key=str(row.pk)).order_by("-serial").values_list("serial", flat=True).first()
    return found or 0


def _name(row: Observed) -> str:
    names, _ = names_of([(row.kind, str(row.pk))])
    return names.get((row.kind, str(row.pk))) or f"{wording.kind(row.kind)} {row.pk}"


def _route(admin: ModelAdmin[Any]) -> str:
    return f"{admin.model._meta.app_label}_{admin.model._meta.model_name}"
