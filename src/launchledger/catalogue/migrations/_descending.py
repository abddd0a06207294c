"""PostgreSQL's indexes for descending orders, as the last migration leaves them (see 0002, 0005 and 0012); no model can declare them."""

from typing import Any

LISTED = "id, listed) WHERE listed IS NOT NULL"
INDEXES = {
    "launch_net_down": f"catalogue_launch (net DESC NULLS LAST, {LISTED}",
    "launch_updated_down": f"catalogue_launch (last_updated DESC NULLS LAST, {LISTED}",
    "event_date_down": "catalogue_event (date DESC NULLS LAST, id)",
    "update_created_down": "catalogue_update (created_on DESC NULLS LAST, id)",
}


def create(apps: object, editor: Any) -> None:
    if editor.connection.vendor == "postgresql":
        for name, columns in INDEXES.items():
            editor.execute(f"CREATE INDEX {name} ON {columns}")
