"""Headers that scripts of other sites may send and read: all that the documentation mentions to clients.

Browsers let a script send and read a few headers; the server must name each other one.
"""

REQUEST_HEADERS = ("accept", "authorization", "cache-control", "if-none-match", "pragma")
RESPONSE_HEADERS = ("Allow", "ETag", "Retry-After", "WWW-Authenticate")

EXPOSED = ("Access-Control-Expose-Headers", ", ".join(RESPONSE_HEADERS))
