"""A server for tests: a throw-away catalogue, a clock that can be set, faults on demand, and a reset to the first state."""
