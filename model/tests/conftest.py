# SPDX-License-Identifier: Apache-2.0
"""The model tests use one thread: small tensors gain nothing from more, and results stay equal."""

from __future__ import annotations

import torch

torch.set_num_threads(1)
