"""Measures the cost of Launchledger. These are no tests: figures are printed with their bars, and saved in `results/`."""
