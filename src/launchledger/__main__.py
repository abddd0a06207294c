"""`python -m launchledger` is the command `launchledger`."""

from launchledger.cli import main

main()
