"""What the ledger tells: the journal's entries by names of the wire, an object's history, and how launches slipped."""
