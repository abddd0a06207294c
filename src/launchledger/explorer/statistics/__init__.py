"""The statistics that people see: one module each for what can be chosen, what is counted, and every plot."""
