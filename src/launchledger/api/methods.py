"""The methods that the API answers: GET; HEAD, which is GET without a body; OPTIONS, which lists the three.

Replies have `Allow: GET`, as upstream's do (contract, "Rules of the wire"). Upstream answers nothing but GET; monitors, link
checkers and load balancers send HEAD or OPTIONS.
"""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from rest_framework.views import APIView


class ReadView(APIView):
    http_method_names = ["get", "head", "options"]

    @property
    def allowed_methods(self) -> list[str]:
        return ["GET"]

    def options(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        return HttpResponse(status=204)

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = super().dispatch(request, *args, **kwargs)
        if request.method == "OPTIONS" and response.status_code == 204:
            response.headers["Allow"] = "GET, HEAD, OPTIONS"
            for name in ("Content-Type", "Vary"):  # there is no body that could have a type, or vary by Accept
                del response.headers[name]
        return response
