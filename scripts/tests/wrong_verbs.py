# SPDX-License-Identifier: Apache-2.0
"""Wrong words of `make`, each with a part of the sentence that it must give."""

VERBS = [
    ("avatars", "DATA is missing"),
    ("avatars DATA=none", "none is not there"),
    ("avatars DATA=rtl GRID=0x0", "--grid 0x0"),
    ("sim SIM=vcs", "invalid choice: 'vcs'"),
    ("sim AVATARS=0", "--avatars: must be a whole number"),
    ("sim NETWORK=huge", "no network is called 'huge'"),
    ("roms NETWORK=my\\ own.safetensors", "my own.safetensors: no such file"),
    ("web NETWORK=huge", "no network is called 'huge'"),
    ("web-serve WEB_PORT=x", "--port: must be a whole number"),
    ("synth BOARD=ice40", "no board 'ice40'"),
    ("synth SEEDS=7", "invalid choice: '7'"),
    ("evidence PARTS=guess", "invalid choice: 'guess'"),
    ("evidence PARTS=page FAULTS=0", "--faults: must be a whole number"),
    ("evidence PARTS=page SOAK=0", "--soak: must be a whole number"),
    ("train NETWORK=huge", "invalid choice: 'huge'"),
    ("test SIM=vcs", "SIM=vcs: choose from verilator, icarus"),
]
