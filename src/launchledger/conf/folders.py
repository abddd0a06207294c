"""This user's own folder for temporary files, which no other user can enter."""

from __future__ import annotations

import errno
import os
import stat
import tempfile
from pathlib import Path


def own_folder() -> Path:
    """Create the folder if it does not exist. Raises OSError where it cannot be created, or another user can enter it."""
    user = os.getuid() if hasattr(os, "getuid") else ""  # elsewhere temporary files are each user's own
    folder = Path(tempfile.gettempdir()) / f"launchledger-{user}"
    folder.mkdir(mode=0o700, exist_ok=True)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or (user != "" and (found.st_uid != user or found.st_mode & 0o077)):
        raise OSError(errno.EPERM, "is open to others", str(folder))
    return folder
