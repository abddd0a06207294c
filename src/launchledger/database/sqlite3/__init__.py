"""Django's SQLite, which follows the file by its name (docs/adr/0028)."""
