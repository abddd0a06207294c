"""The benchmarks of the server, each a function from how long it may take to what it found. Bars are those of issue 4."""
