"""Against nginx and Varnish with the same bytes, and the cost of 304 and of compressed replies."""

from __future__ import annotations

from collections.abc import Sequence

from benchmarks.asking import Question, Refused, Reply, ask_all
from benchmarks.catalogues import catalogue_copy, catalogue_file
from benchmarks.comparing import Effort, Side, compare_hot
from benchmarks.findings import Findings
from benchmarks.questions import Questions
from benchmarks.servers import Missing, Server, launchledger, nginx_proxy, nginx_static, varnish

PROXY_BAR, VARNISH_BAR = 2.5, 1.3  # times the CPU
_HITS = "the same 100 flight details"
_LISTS = "the same 3 lists of 100 detailed flights"


def measure(effort: Effort) -> Findings:
    found = Findings()
    questions = Questions(catalogue_file(1))
    with catalogue_copy(1) as url, launchledger(url) as ours:
        _against_caches(found, questions, ours, effort)
        _shortened(found, questions, ours, effort)
    return found


def _against_caches(found: Findings, questions: Questions, ours: Server, effort: Effort) -> None:
    details, lists = questions.hot_details(), questions.lists(3)
    try:
        replies = {question.path: reply.body for question, reply in zip(details, ask_all(ours.port, details), strict=True)}
        with nginx_static(replies) as server:
            found.add(compare_hot(_HITS, Side(server, details), Side(ours, details), effort))
        with nginx_proxy(ours) as server:
            hits = found.add(compare_hot(_HITS, Side(server, details), Side(ours, details), effort))
            found.at_most("hot detail, against nginx proxy_cache", hits, PROXY_BAR)
            found.add(compare_hot(_LISTS, Side(server, lists), Side(ours, lists), effort, connections=4))
    except Missing as missing:
        found.miss(str(missing))
    try:
        with varnish(ours) as server:
            hits = found.add(compare_hot(_HITS, Side(server, details), Side(ours, details), effort))
            found.at_most("hot detail, against Varnish", hits, VARNISH_BAR)
            found.add(compare_hot(_LISTS, Side(server, lists), Side(ours, lists), effort, connections=4))
    except Missing as missing:
        found.miss(str(missing))


def _shortened(found: Findings, questions: Questions, ours: Server, effort: Effort) -> None:
    """Our own plain replies compared with 304, and with compressed replies."""
    plain = questions.hot_details()
    replies = ask_all(ours.port, plain)
    tags = [reply.headers.get("etag") for reply in replies]
    if None in tags:
        found.miss("304: replies carry no ETag in this version")
    else:
        asked = [Question(each.path, {"If-None-Match": str(tag)}) for each, tag in zip(plain, tags, strict=True)]
        side = Side(Server("304", ours.port, ours.tree), asked)
        found.add(compare_hot(_HITS, Side(ours, plain), side, effort, check=_not_modified))
    for coding in ("gzip",) if effort.quick else ("gzip", "br", "zstd"):
        asked = [Question(each.path, {"Accept-Encoding": coding}) for each in plain]
        if ask_all(ours.port, asked[:1])[0].headers.get("content-encoding") != coding:
            found.miss(f"{coding}: replies are not compressed with it in this version")
            continue
        side = Side(Server(coding, ours.port, ours.tree), asked)
        found.add(compare_hot(_HITS, Side(ours, plain), side, effort))


def _not_modified(plain: Sequence[Reply], conditional: Sequence[Reply], questions: Sequence[Question]) -> None:
    for one, other, question in zip(plain, conditional, questions, strict=True):
        if (one.status, other.status, other.body) != (200, 304, b"") or one.headers["etag"] != other.headers.get("etag"):
            raise Refused(f"{question.path}: status {one.status} and {other.status}, {len(other.body)} bytes of body")
