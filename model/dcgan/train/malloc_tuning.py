# SPDX-License-Identifier: Apache-2.0
"""Tuning of glibc's malloc: memory that one iteration frees is kept for the next one."""

from __future__ import annotations

import ctypes

M_TRIM_THRESHOLD, M_TOP_PAD, M_MMAP_THRESHOLD = -1, -2, -3  # mallopt(3)
LARGEST_MMAP_THRESHOLD = 32 << 20  # what glibc accepts; feature maps are smaller
KEPT = 1 << 30
STEP = 256 << 20


def keep_freed_memory() -> bool:
    """Let glibc's malloc keep what is freed, up to 1 GiB; False where there is no glibc.

    By default it returns feature maps to the system as soon as they are freed, and every iteration
    takes them again, page by page: eight thousand page faults, a fifth of the time on two threads.
    """
    try:
        mallopt = ctypes.CDLL("libc.so.6").mallopt
    except (OSError, AttributeError):
        return False
    settings = (
        (M_MMAP_THRESHOLD, LARGEST_MMAP_THRESHOLD),
        (M_TRIM_THRESHOLD, KEPT),
        (M_TOP_PAD, STEP),
    )
    return all(mallopt(name, value) for name, value in settings)
