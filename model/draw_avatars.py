# SPDX-License-Identifier: Apache-2.0
"""Draw the training set: PNG files, labels.csv and a contact sheet.

python model/draw_avatars.py --count 275 --seed 0 --out build/avatars
"""

from __future__ import annotations

import sys
from collections.abc import Sequence

from dcgan_cli.arguments import Parser, command, new_folder, seed, whole

from dcgan.data.avatar_folder import SHEET, write_set
from dcgan.data.avatars import COMBINATIONS
from dcgan.data.training_set import DRAWN_COUNT, DRAWN_SEED


@command
def main(words: Sequence[str] | None = None) -> int:
    parser = Parser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--count",
        type=whole(1, COMBINATIONS // 4),
        default=DRAWN_COUNT,
        help="avatars (%(default)s)",
    )
    parser.add_argument("--seed", type=seed(), default=DRAWN_SEED, help="seed (%(default)s)")
    parser.add_argument("--out", type=new_folder, required=True, help="folder to create")
    arguments = parser.parse_args(words)
    write_set(arguments.out, arguments.count, arguments.seed)
    out = arguments.out
    print(f"{arguments.count} avatars and labels.csv are in {out}: look at {out / SHEET}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
