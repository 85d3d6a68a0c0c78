"""One file copied to another name: shared blocks where the file system can, bytes elsewhere.

Also run as a script by a process that must not open the file itself, so it imports nothing of ours.
"""

import fcntl
import shutil
import sys

_FICLONE = 0x40049409
"""Linux's request to let two files share their blocks until one is written; no name before 3.12."""


def copy_file(source: str, target: str) -> None:
    """Copy `source` to `target`; raises OSError."""
    if not _share_blocks(source, target):
        shutil.copyfile(source, target)


def _share_blocks(source: str, target: str) -> bool:
    if sys.platform != "linux":
        return False
    with open(source, "rb") as original, open(target, "wb") as clone:
        try:
            fcntl.ioctl(clone.fileno(), _FICLONE, original.fileno())
        except OSError:  # another file system, or one that cannot
            return False
    return True


if __name__ == "__main__":
    copy_file(sys.argv[1], sys.argv[2])
