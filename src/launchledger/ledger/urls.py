"""The routes of the ledger. That of the mirror's status, below the same path, is with the other routes for operators."""

from __future__ import annotations

from django.urls import path

from launchledger.ledger.at import AtView
from launchledger.ledger.feeds import ChangesFeed, LaunchFeed, SlipsFeed
from launchledger.ledger.schema import SchemaView
from launchledger.ledger.slips import GroupsView, SlipsView, TotalsView
from launchledger.ledger.views import ChangesView, HistoryView
from launchledger.wire.served import WIRES

urlpatterns = [
    *(
        path(f"ledger/at/<str:time>{wire.root}<path:resource>/<str:id>/", AtView.as_view(wire=wire), name="ledger_at")
        for wire in WIRES.values()
    ),
    path("ledger/changes/", ChangesView.as_view(), name="ledger_changes"),
    path("ledger/changes.atom", ChangesFeed.as_view(), name="ledger_changes_feed"),
    path("ledger/slips.atom", SlipsFeed.as_view(), name="ledger_slips_feed"),
    path("ledger/launch/<str:id>/history.atom", LaunchFeed.as_view(), name="ledger_launch_feed"),
    path("ledger/schema/", SchemaView.as_view(), name="ledger_schema"),
    path("ledger/slips/", TotalsView.as_view(), name="ledger_slips"),
    path("ledger/slips/<str:by>/", GroupsView.as_view(), name="ledger_slip_groups"),
    path("ledger/launch/<str:id>/slips/", SlipsView.as_view(), name="ledger_launch_slips"),
    path("ledger/<path:resource>/<str:id>/history/", HistoryView.as_view(), name="ledger_history"),
]
