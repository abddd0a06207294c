"""Probes for operators: is the server alive, is it ready."""
