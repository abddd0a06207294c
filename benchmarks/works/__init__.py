"""The benchmarks of the server, each a function from its effort to its findings. Bars are those of issue 4."""
