"""What scripts of other sites may send and read: all that the documentation tells a client to.

Browsers let a script send and read a few headers of their own choice; each other one must be named by the server.
"""

SENT = ("accept", "authorization", "cache-control", "if-none-match", "pragma")
READ = ("Allow", "ETag", "Retry-After", "WWW-Authenticate")

EXPOSED = ("Access-Control-Expose-Headers", ", ".join(READ))
