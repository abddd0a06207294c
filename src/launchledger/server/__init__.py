"""The HTTP server: connections, worker processes, and the conversion of requests to WSGI."""
