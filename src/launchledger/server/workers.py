"""Processes that listen on one address and answer with a WSGI application.

Promises: a connection on which no complete head of a request arrives within `patience` seconds is closed, whether it is new, half
way through a request, or kept alive after a reply; so is, on Linux, one on which the client reads nothing of a reply for three
times as long. So idle connections block the server for no longer than that. HTTP/2 without TLS is refused, because granian closes
no idle connection of it. A worker ends within a second of the first process, however that one ended, and frees the port.
The application runs on one thread of each worker, but for requests with a body (`bodies`).

In granian's WSGI interface `X-Forwarded-Host` and `X_Forwarded_Host` are one. Its interface RSGI has the names as they were sent,
but calls an asyncio application. `_work` gives granian a scheduler that calls the application at once, on the thread on which
granian calls the scheduler; that costs no more than WSGI (docs/adr/0026). Some names imported from granian here are not of its
documented interface, so pyproject.toml admits one minor version only.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import socket
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from django.conf import settings
from granian import Granian, _granian
from granian._signals import set_sync_signals
from granian.constants import HTTPModes, Interfaces, RuntimeModes
from granian.http import HTTP1Settings
from granian.server.mp import WorkerProcess

from launchledger.server.bodies import Bodies
from launchledger.server.holding import MOST, Holding
from launchledger.server.requests import request_handler

_RSGIWorker: Any = _granian.RSGIWorker  # its stub lacks parameters that it has
_GRACE = 5  # seconds for open requests when stopping; a worker that is starting may miss the signal (granian 2.8.7)
_FILES = Path("/proc/self/fd")  # the open files of this process
_LAST_SECOND = 1.0  # for open requests when the first process is gone
_LONGEST_HEAD = 128 * 1024  # bytes of a request before its body; each connection may take as much memory
_UNREAD = 3  # times `patience`: how long a client may leave a reply unread
_OTHER_FILES = 128  # that a worker has open in addition to its connections
_LOGGING = {  # granian's own lines go to the same log as all others
    "formatters": {},
    "handlers": {},
    "loggers": {name: {"handlers": [], "propagate": True} for name in ("_granian", "granian.access")},
}


def run(application: str, address: str, port: int, *, workers: int, connections: int, patience: float) -> None:
    """Serve until SIGTERM or SIGINT. `application` is `module:name`; each worker holds so many `connections`, the rest wait."""
    Granian(
        application,
        address=address,
        port=port,
        interface=Interfaces.RSGI,
        runtime_mode=RuntimeModes.mt,
        http=HTTPModes.http1,
        http1_settings=HTTP1Settings(header_read_timeout=int(patience * 1000), max_buffer_size=_LONGEST_HEAD),
        workers=workers,
        backpressure=connections,
        websockets=False,
        log_access=False,
        log_dictconfig=_LOGGING,
        respawn_failed_workers=True,
        workers_kill_timeout=_GRACE,
    ).serve(spawn_target=_work)


def room_for_connections(connections: int) -> int:
    """Raise the limit of open files for this process and its children; returns how many connections a worker can have."""
    if sys.platform == "win32":
        return connections
    import resource

    needed = connections + _OTHER_FILES
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != resource.RLIM_INFINITY and soft < needed:
        soft = needed if hard == resource.RLIM_INFINITY else min(needed, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    return connections if soft == resource.RLIM_INFINITY else max(0, min(connections, soft - _OTHER_FILES))


@WorkerProcess.wrap_target  # type: ignore[untyped-decorator]
def _work(
    number: int,
    application: Any,
    listener: Any,
    channel: Any,
    _loop: Any,
    _runtime_mode: Any,
    threads: int,
    blocking_threads: int,
    python_threads: int,
    idle_seconds: int,
    connections: int,
    _tasks: Any,
    http: Any,
    http1: Any,
    http2: Any,
    websockets: bool,
    files: Any,
    _access_log: Any,
    tls: tuple[Any, ...],
    _scope: Any,
    metrics: Any,
) -> None:
    """Run a worker: granian's own RSGI worker with another scheduler, and no event loop."""
    threading.Thread(target=_end_with_parent, name="parent", daemon=True).start()
    holding = Holding(most=min(MOST, connections // 2))
    answer = request_handler(application, holding)

    bodies = Bodies(answer, ("/desk/", f"{settings.PATH_PREFIX}/desk/")) if settings.CURATION else None

    def schedule(request: Any) -> None:
        if bodies is None or not bodies.take(request.scope, request.proto):
            answer(request.scope, request.proto)

    stop_signal = set_sync_signals()  # type: ignore[no-untyped-call]
    stopped = threading.Event()

    def stop() -> None:
        holding.end()
        stopped.set()

    stop_signal.add_cb(stop)
    worker = _RSGIWorker(
        number,
        listener,
        channel,
        threads,
        blocking_threads,
        python_threads,
        idle_seconds,
        connections,
        http,
        http1,
        http2,
        websockets,
        files,
        *tls,
        metrics,
    )
    no_loop = SimpleNamespace(call_soon=None)
    scheduler: Any = _granian.CallbackScheduler(no_loop, None, None, None, None)  # type: ignore[call-arg]
    scheduler._schedule_fn = schedule
    worker.serve_mtr(scheduler, no_loop, stop_signal)
    _limit_unread_replies(_UNREAD * http1.header_read_timeout)
    stopped.wait()


def _limit_unread_replies(milliseconds: int) -> None:
    """Have the system end connections whose client reads nothing for this long; granian has no limit for it.

    Connections inherit the option from the listening socket, which granian does not expose. Only Linux has both.
    """
    option = getattr(socket, "TCP_USER_TIMEOUT", None)
    if option is None or not _FILES.is_dir():
        return
    for file in list(_FILES.iterdir()):
        with suppress(OSError), socket.socket(fileno=os.dup(int(file.name))) as found:
            if found.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN):
                found.setsockopt(socket.IPPROTO_TCP, option, milliseconds)


def _end_with_parent() -> None:
    """Wait until the parent process ends, and then end too."""
    parent = multiprocessing.parent_process()
    if parent is None:
        return
    parent.join()
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(_LAST_SECOND)
    os._exit(1)
