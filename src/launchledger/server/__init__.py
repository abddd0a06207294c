"""The HTTP server: connections, worker processes, and the way from a request on the wire to a WSGI application."""
