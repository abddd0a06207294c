"""Launchledger: an open, self-hosted server that speaks the wire of Launch Library 2, version 2.2.0."""

__version__ = "0.1.0"
