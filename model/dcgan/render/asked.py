# SPDX-License-Identifier: Apache-2.0
"""Latents for avatars with asked-for attributes, of networks that remember their attribute code."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from dcgan.data.latent_code import LatentCode


def code_of(about: Mapping[str, Any]) -> LatentCode:
    """The code of the attributes that a network remembers (`Checkpoint.about`).

    Networks from before codes were remembered share numbers out evenly. ValueError if it has none.
    """
    names = about.get("attribute_order", [])
    if not names:
        raise ValueError("the network knows no attributes: its latents code none, or it is older")
    try:
        values = [about["attributes"][name] for name in names]
        code = LatentCode.even([len(words) for words in values])
        if numbers := about.get("attribute_codes"):
            code = LatentCode(tuple(tuple(numbers[name]) for name in names))
        if code.sizes != tuple(map(len, values)):
            raise ValueError("a code of another number of values")
    except (KeyError, TypeError, ValueError) as error:
        raise ValueError(f"what the network says of its attributes is damaged ({error})") from error
    return code


def asked_for(
    z: np.ndarray, about: Mapping[str, Any], words: Sequence[str], seed: int
) -> np.ndarray:
    """Latents int8 [N, 100] like `z` whose avatars have the attributes `words`, "NAME=VALUE" each.

    ValueError names what there is for a name or value that there is not.
    """
    if not words:
        return z
    code = code_of(about)
    names, wanted = about["attribute_order"], {}
    for word in words:
        name, _, value = word.partition("=")
        if name not in names:
            raise ValueError(f"--attribute {word}: the network has {', '.join(names)}")
        values = about["attributes"][name]
        if value not in values:
            raise ValueError(f"--attribute {word}: {name} is one of {', '.join(values)}")
        if names.index(name) in wanted:
            raise ValueError(f"--attribute {word}: {name} is asked for twice")
        wanted[names.index(name)] = values.index(value)
    return code.asking_for(z, wanted, seed)
