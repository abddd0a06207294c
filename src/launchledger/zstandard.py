"""Zstandard under one name: in Python's standard library from 3.14 on, from `backports.zstd` before."""

from __future__ import annotations

import sys

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

__all__ = ["zstd"]
