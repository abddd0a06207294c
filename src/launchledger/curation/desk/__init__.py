"""The desk, `/desk/`: curators look objects up, correct and add, in a browser.

Promises: nothing is written but through `catalogue.actions`, with a reason and the curator's name; what is refused says which
field and why, and keeps what was typed. Only routed where LAUNCHLEDGER_CURATION is on.
"""
