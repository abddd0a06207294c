"""Unpacking compressed files, `.json.gz` and `.json.zst`, recognized by their first bytes, not by their names.

Promises: at most LARGEST_UNPACKED bytes are unpacked, into a temporary file; of a file that is cut short or damaged, the part
before that is returned, with the reason.
Refuses: other archives, and files that unpack to more than LARGEST_UNPACKED.
"""

from __future__ import annotations

import errno
import tempfile
import zlib
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import BinaryIO, cast

from launchledger.zstandard import zstd

LARGEST_UNPACKED = 4 * 1024**3  # bytes
IN_MEMORY = 8 * 1024 * 1024  # bytes in memory before a temporary file is used
_PACKED_STEP = 4 * 1024  # bytes unpacked at a time: at most this much is lost before damage
_UNPACKED_STEP = 256 * 1024  # bytes that one step gives at most, however well it is compressed


@dataclass(frozen=True, slots=True)
class Unpacked:
    """A seekable stream.

    `scale` is the number of bytes of the file for each of its bytes; `reason` is why it ends early, "" if it does not.
    """

    stream: BinaryIO
    scale: float = 1.0
    reason: str = ""


@contextmanager
def unpacked(stream: BinaryIO) -> Iterator[Unpacked]:
    """The content of a file, unpacked if it is compressed. Raises OSError beyond LARGEST_UNPACKED."""
    start = stream.read(4)
    stream.seek(0)
    found = next((each for signature, each in _FORMS.items() if start.startswith(signature)), None)
    if not found:
        yield Unpacked(stream)
        return
    name, unpack = found
    with tempfile.SpooledTemporaryFile(max_size=IN_MEMORY) as spooled:
        plain = cast(BinaryIO, spooled)
        reason = _copy(_members(stream, unpack), plain)
        packed, size = stream.seek(0, 2), plain.tell()
        plain.seek(0)
        yield Unpacked(plain, packed / max(size, 1), reason and f"is a {name} file that {reason}; the part before that was read")


def _copy(parts: Iterator[bytes], target: BinaryIO) -> str:
    """Write the parts, and return why they end early, "" if they do not."""
    size = 0
    try:
        for part in parts:
            size += len(part)
            if size > LARGEST_UNPACKED:
                reason = f"unpacks to more than {LARGEST_UNPACKED // 1024**3} GB; unpack it and load it in parts"
                raise OSError(errno.EFBIG, reason)
            target.write(part)
    except EOFError:
        return "is cut short"
    except (zlib.error, zstd.ZstdError) as error:
        return f"is damaged ({error})"
    return ""


def _members(stream: BinaryIO, unpack: Unpack) -> Iterator[bytes]:
    """The content of the members of a file, one after another; zeros between and after them are padding. Raises EOFError."""
    rest = b""
    while rest := rest.lstrip(b"\0") or stream.read(_PACKED_STEP).lstrip(b"\0") or _next_not_zero(stream):
        rest = yield from unpack(stream, rest)


def _next_not_zero(stream: BinaryIO) -> bytes:
    while step := stream.read(_PACKED_STEP):
        if step := step.lstrip(b"\0"):
            return step
    return b""


def _unpack_gzip(stream: BinaryIO, step: bytes) -> Generator[bytes, None, bytes]:
    """Yield the content of one member, and return the bytes that were read after it."""
    decoder = zlib.decompressobj(wbits=31)  # gzip, with its checksum
    while not decoder.eof:
        step = decoder.unconsumed_tail or step or stream.read(_PACKED_STEP)
        if not step:
            raise EOFError
        yield decoder.decompress(step, _UNPACKED_STEP)
        step = b""
    return decoder.unused_data


def _unpack_zstandard(stream: BinaryIO, step: bytes) -> Generator[bytes, None, bytes]:
    """The same for a frame; the library refuses windows above 128 MB, which is what one costs in memory."""
    decoder = zstd.ZstdDecompressor()
    while not decoder.eof:
        if decoder.needs_input:
            step = step or stream.read(_PACKED_STEP)
            if not step:
                raise EOFError
        yield decoder.decompress(step, _UNPACKED_STEP)
        step = b""
    return decoder.unused_data


Unpack = Callable[[BinaryIO, bytes], Generator[bytes, None, bytes]]
_FORMS: dict[bytes, tuple[str, Unpack]] = {
    b"\x1f\x8b": ("gzip", _unpack_gzip),
    b"\x28\xb5\x2f\xfd": ("Zstandard", _unpack_zstandard),
}
