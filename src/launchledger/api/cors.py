"""CORS: scripts of any site may read replies and their headers. Every reply has the headers, with or without an Origin.

The library sends them only where an Origin was sent, and then varies by it; a cache in front would store one form or the other.
As they are the same for everyone, they are always there, and `Vary` stays what the reply itself varies by.
"""

from corsheaders.middleware import CorsMiddleware
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from launchledger.conf.cors import EXPOSED


class OpenCorsMiddleware(CorsMiddleware):
    def add_response_headers(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        vary = response.get("Vary")
        super().add_response_headers(request, response)
        response["Access-Control-Allow-Origin"] = "*"
        name, value = EXPOSED
        response[name] = value
        if vary is None:
            del response["Vary"]
        else:
            response["Vary"] = vary
        return response
