"""What commands do before their work: bring the database to this version's tables."""

from django.core.management import call_command


def migrate() -> None:
    """Create or upgrade the tables; nothing happens when they are up to date."""
    call_command("migrate", verbosity=0, interactive=False)
