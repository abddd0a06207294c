"""The index of every run of three characters in the searched texts.

SQLite's is a table of FTS5 that triggers update, PostgreSQL's comes with pg_trgm. A database that has neither, or does not let us
create it, searches without.
"""

from typing import Any

from django.db import DatabaseError, transaction

TABLE = "catalogue_searchedtext"
TRIGRAMS = f"{TABLE}_trigrams"
ADD = f"INSERT INTO {TRIGRAMS} (rowid, text) VALUES (new.id, new.text);"
TAKE = f"INSERT INTO {TRIGRAMS} ({TRIGRAMS}, rowid, text) VALUES ('delete', old.id, old.text);"
SQLITE = [
    f"CREATE VIRTUAL TABLE {TRIGRAMS} USING fts5 (text, content='{TABLE}', content_rowid='id', tokenize='trigram')",
    f"CREATE TRIGGER {TABLE}_added AFTER INSERT ON {TABLE} BEGIN {ADD} END",
    f"CREATE TRIGGER {TABLE}_taken AFTER DELETE ON {TABLE} BEGIN {TAKE} END",
    f"CREATE TRIGGER {TABLE}_changed AFTER UPDATE ON {TABLE} BEGIN {TAKE} {ADD} END",
]
POSTGRESQL = [
    "CREATE EXTENSION IF NOT EXISTS pg_trgm",
    f"CREATE INDEX {TRIGRAMS} ON {TABLE} USING gin (text gin_trgm_ops)",
]


def index(apps: object, editor: Any) -> None:
    try:
        with transaction.atomic(editor.connection.alias):
            for statement in SQLITE if editor.connection.vendor == "sqlite" else POSTGRESQL:
                editor.execute(statement)
    except DatabaseError:
        pass  # searches read the texts one by one then


def drop(apps: object, editor: Any) -> None:
    if editor.connection.vendor == "sqlite":
        for name in ("added", "taken", "changed"):
            editor.execute(f"DROP TRIGGER IF EXISTS {TABLE}_{name}")
        editor.execute(f"DROP TABLE IF EXISTS {TRIGRAMS}")
