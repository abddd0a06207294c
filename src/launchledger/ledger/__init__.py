"""`/ledger/`: the history of the catalogue over HTTP, as JSON of our own with the habits of the wire.

Paging, errors, keys, throttling, negotiation and the browsable page are those of `api`; ETags, compression and the cache of
replies those of every API path.
"""
