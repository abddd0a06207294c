"""Reading the journal: how far it is."""

from launchledger.journal.models import Entry


def latest_serial() -> int:
    """The serial of the newest entry that is committed, 0 when there is none. It tells two states of the catalogue apart."""
    return Entry.objects.order_by("-serial").values_list("serial", flat=True).first() or 0
