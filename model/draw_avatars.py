# SPDX-License-Identifier: Apache-2.0
"""Draw the training set: PNG files, labels.csv and a contact sheet.

python model/draw_avatars.py --count 275 --seed 0 --out build/avatars
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from dcgan.data.avatar_folder import SHEET, write_set
from dcgan.data.training_set import DRAWN_COUNT, DRAWN_SEED


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--count", type=int, default=DRAWN_COUNT, help="avatars (%(default)s)")
    parser.add_argument("--seed", type=int, default=DRAWN_SEED, help="seed (%(default)s)")
    parser.add_argument("--out", type=Path, required=True, help="folder to create")
    arguments = parser.parse_args()
    try:
        write_set(arguments.out, arguments.count, arguments.seed)
    except (ValueError, OSError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    out = arguments.out
    print(f"{arguments.count} avatars and labels.csv are in {out}: look at {out / SHEET}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
