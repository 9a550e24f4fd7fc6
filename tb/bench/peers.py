# SPDX-License-Identifier: Apache-2.0
"""What others published about engines of this class. Facts with their sources, none measured here.

`macs` is useful MACs a multiplier and cycle: products that touch a real input and a kept output.
"""

PEERS = (
    {
        "who": "Perri et al. 2020, DCGAN generator on XC7Z020",
        "macs": 0.85,
        "from": "0.34 GOPS/DSP at 200 MHz = 0.85 MAC a DSP and cycle",
        "source": "S. Perri, C. Sestito, F. Spagnolo, P. Corsonello: Efficient Deconvolution "
        "Architecture for Heterogeneous Systems-on-Chip, J. Imaging 6(9):85, 2020",
    },
    {
        "who": "QDCGAN-PYNQ (FINN style) on Ultra96",
        "macs": 0.2,
        "from": "inserts zeros: about 20 % of its MAC slots are useful",
        "source": "its public repository and report",
    },
    {
        "who": "bound: all multipliers busy, nothing skipped or packed",
        "macs": 1.0,
        "from": "one MAC a multiplier and cycle",
        "source": "bound",
    },
)
