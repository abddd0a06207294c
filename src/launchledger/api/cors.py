"""Browsers of any site may read, a reply and its headers: said on every reply, asked for or not.

The library says so only where an Origin was sent, and then varies by it; a cache in front would keep one form or the other. As
the answer is the same for everyone, it is always there, and `Vary` stays what the reply itself varies by.
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
