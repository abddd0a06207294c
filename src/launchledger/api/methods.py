"""Which methods the API answers: GET; HEAD, which is GET without a body; OPTIONS, which says so.

Replies themselves say `Allow: GET`, as upstream's do (contract, "Rules of the wire"). Upstream answers nothing but GET; monitors,
link checkers and load balancers ask with HEAD or OPTIONS.
"""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from rest_framework.views import APIView


class ReadView(APIView):
    http_method_names = ["get", "head"]

    @property
    def allowed_methods(self) -> list[str]:
        return ["GET"]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        # Not a method `options` of the view: the framework would draw a button for it on every browsable page.
        if request.method == "OPTIONS":
            answer = HttpResponse(status=204, headers={"Allow": "GET, HEAD, OPTIONS"})
            del answer.headers["Content-Type"]  # there is nothing that could have one
            return answer
        return super().dispatch(request, *args, **kwargs)
