"""What only requests to the desk need: sessions, users, messages, and the limit of attempts to log in.

Promises: no other request pays for it, and none of their replies varies by a cookie.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from axes.middleware import AxesMiddleware
from django.contrib.auth.middleware import AuthenticationMiddleware
from django.contrib.messages.middleware import MessageMiddleware
from django.contrib.sessions.middleware import SessionMiddleware
from django.http import HttpRequest
from django.http.response import HttpResponseBase

ROOT = "/desk/"

Answer = Callable[[HttpRequest], HttpResponseBase]


class DeskMiddleware:
    def __init__(self, get_response: Answer) -> None:
        self._get_response = get_response
        of_desk: Any = get_response
        for each in (AxesMiddleware, MessageMiddleware, AuthenticationMiddleware, SessionMiddleware):
            of_desk = each(of_desk)
        self._get_response_of_desk = of_desk

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        is_for_desk = request.path_info.startswith(ROOT)
        return self._get_response_of_desk(request) if is_for_desk else self._get_response(request)
