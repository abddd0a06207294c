"""What Launchledger costs, measured. Nothing here is a test: numbers are printed beside their bars, and kept in `results/`."""
