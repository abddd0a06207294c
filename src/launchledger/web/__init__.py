"""Requests to other servers. Only this package imports the HTTP client library."""
