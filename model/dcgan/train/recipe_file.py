# SPDX-License-Identifier: Apache-2.0
"""Recipes as TOML on disk, also those of earlier versions (`dcgan.core.aliases`)."""

from __future__ import annotations

import json
import math
import tomllib
from dataclasses import asdict, fields, replace
from pathlib import Path
from typing import Any

from dcgan.core import aliases
from dcgan.core.files import check_regular
from dcgan.train.recipe import RECIPES, Recipe


def read_recipe(path: Path | None, base: str = "default", **changes: Any) -> Recipe:
    """The recipe called `base`, changed by the TOML file `path` and then by `changes`.

    Changes that are None leave the setting alone; another `schedule` shortens all phases with it.
    ValueError names what is wrong in the file.
    """
    recipe = RECIPES[base]
    if path is not None:
        check_regular(path)
        try:
            table = tomllib.loads(Path(path).read_text(encoding="utf-8-sig"))
        except OSError as error:
            raise ValueError(f"{path} cannot be read ({error.strerror})") from error
        except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
            raise ValueError(f"{path} is not TOML ({error})") from error
        changed = _checked(path, table)
        try:
            recipe = replace(recipe, **changed)
        except ValueError as error:
            raise ValueError(f"{path}: {error}") from error
    changes = {name: value for name, value in changes.items() if value is not None}
    if (schedule := changes.pop("schedule", recipe.schedule)) != recipe.schedule:
        recipe = recipe.shortened(schedule)
    return replace(recipe, **changes)


def _checked(path: Path, table: dict[str, Any]) -> dict[str, Any]:
    """`table` with the types of `Recipe`; ValueError for unknown names and wrong types."""
    defaults = asdict(RECIPES["default"])
    checked = {}
    for name, value in aliases.settings(table, str(path)).items():
        if name not in defaults:
            raise ValueError(f"{path} sets '{name}', which is no setting of a recipe")
        wanted = type(defaults[name])
        if wanted is float and type(value) is int:
            value = float(value) if abs(value) < 2**53 else math.inf
        if wanted is tuple and isinstance(value, list):
            value = tuple(value)
        if type(value) is not wanted:
            raise ValueError(f"{path}: {name} must be a {wanted.__name__}, got {value!r}")
        checked[name] = value
    return checked


def to_toml(recipe: Recipe) -> str:
    """`recipe` as TOML that `read_recipe` reads back unchanged."""
    lines = []
    for field in fields(recipe):
        value = getattr(recipe, field.name)
        if isinstance(value, str):
            text = json.dumps(value, ensure_ascii=False)  # the escapes of a TOML string
        elif isinstance(value, tuple):
            text = f"[{', '.join(map(str, value))}]"
        else:
            text = repr(value)
        lines.append(f"{field.name} = {text}\n")
    return "".join(lines)
