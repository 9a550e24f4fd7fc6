# SPDX-License-Identifier: Apache-2.0
"""labels.csv: attributes of a user's own pictures."""

from __future__ import annotations

import numpy as np
import potions
import pytest
from dcgan.data.avatar_folder import write_set
from dcgan.data.avatars import CHOICES, draw_set
from dcgan.data.label_file import read_labels
from dcgan.data.sources import DataOptions
from dcgan.data.training_set import training_images, training_labels, training_set


@pytest.fixture
def folder(tmp_path):
    potions.main(tmp_path, 24)
    return tmp_path


def names(folder) -> list[str]:
    return sorted(path.name for path in folder.glob("*.png"))


def write(folder, lines: list[str], encoding: str = "utf-8") -> None:
    (folder / "labels.csv").write_text("\n".join(lines) + "\n", encoding=encoding)


def test_labels_are_in_the_order_of_the_images(folder):
    values = ["red", "green", "blue"]
    rows = [
        f"{name},{values[i % 3]},{'old' if i < 9 else 'new'}"
        for i, name in enumerate(names(folder))
    ]
    write(folder, ["file,liquid,age", *reversed(rows)])
    data = training_set(DataOptions(folder))
    assert data.attributes == {"liquid": ["blue", "green", "red"], "age": ["new", "old"]}
    for name, label in zip(data.names, data.labels, strict=True):
        i = names(folder).index(name)
        assert data.attributes["liquid"][label[0]] == values[i % 3]
        assert data.attributes["age"][label[1]] == ("old" if i < 9 else "new")
    assert data.labels.dtype == np.int64
    np.testing.assert_array_equal(training_labels(folder), data.labels)


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_tables_of_spreadsheets_are_read(folder, separator):
    rows = [separator.join((name, "a, b" if separator != "," else "ab")) for name in names(folder)]
    write(folder, [f"file{separator}mood", *rows, "", separator], encoding="utf-8-sig")
    assert set(read_labels(folder / "labels.csv").rows) == set(names(folder))


def test_files_lie_in_sub_folders(folder):
    (folder / "more").mkdir()
    for name in names(folder)[:4]:
        (folder / name).rename(folder / "more" / name)
    below = sorted(path.name for path in (folder / "more").glob("*"))
    rows = [f"{name},x" for name in names(folder)] + [f".\\more\\{name},y" for name in below]
    write(folder, ["file,kind", *rows])
    data = training_set(DataOptions(folder))
    assert data.attributes == {"kind": ["x", "y"]}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda lines: [], "labels.csv is empty"),
        (lambda lines: ["", ""], "labels.csv is empty"),
        (lambda lines: ["name,hair", *lines[1:]], "has no column 'file': it has name, hair"),
        (lambda lines: [line.split(",")[0] for line in lines], "has no attribute"),
        (lambda lines: lines[:-1], r"has no row for potion_023\.png"),
        (lambda lines: [*lines, "ghost.png,x"], r"line 26: there is no picture ghost\.png"),
        (lambda lines: [*lines, lines[1]], r"line 26: potion_000\.png is listed twice"),
        (
            lambda lines: [*lines[:-1], "potion_023.png"],
            "line 25: 1 cells, but the first line has 2",
        ),
        (lambda lines: [*lines[:-1], "potion_023.png, "], "line 25: 'hair' is empty"),
        (lambda lines: ["file,hair,hair", *lines[1:]], "has two columns 'hair'"),
        (lambda lines: ["file,", *lines[1:]], "column 2 has no name"),
        (lambda lines: [*lines, '"'], "is not a table"),
    ],
)
def test_what_is_wrong_is_one_clear_sentence(folder, change, message):
    lines = ["file,hair", *(f"{name},{i % 2}" for i, name in enumerate(names(folder)))]
    write(folder, change(lines))
    with pytest.raises(ValueError, match=message) as error:
        training_set(DataOptions(folder))
    assert "\n" not in str(error.value)


def test_values_that_do_not_fit_into_a_latent_are_refused(folder):
    columns = [f"a{i}" for i in range(15)]  # 24 values each: 7 entries
    rows = [f"{name}," + ",".join(f"v{i}" for _ in columns) for i, name in enumerate(names(folder))]
    write(folder, [f"file,{','.join(columns)}", *rows])
    with pytest.raises(ValueError, match="need 105 entries of a latent, which has 100"):
        training_set(DataOptions(folder))


def test_a_label_file_of_another_encoding_is_refused(folder):
    (folder / "labels.csv").write_bytes("file,haar\nä.png,grün\n".encode("latin-1"))
    with pytest.raises(ValueError, match="is not UTF-8 text"):
        training_set(DataOptions(folder))


def test_the_drawn_set_as_a_folder_is_labelled(tmp_path):
    write_set(tmp_path / "set", count=30, seed=3)
    images, labels = draw_set(30, seed=3)
    data = training_set(DataOptions(tmp_path / "set"))
    np.testing.assert_array_equal(data.images, images)
    assert list(data.attributes) == list(CHOICES)
    for i, (attribute, values) in enumerate(CHOICES.items()):
        words = [data.attributes[attribute][label] for label in data.labels[:, i]]
        assert words == [values[label] for label in labels[:, i]]


def test_the_drawn_set_itself_is_what_it_was():
    data = training_set(DataOptions())
    images, labels = draw_set(275, seed=0)
    np.testing.assert_array_equal(data.images, images)
    np.testing.assert_array_equal(data.labels, labels)
    np.testing.assert_array_equal(training_images(), images)
    assert data.attributes["hair_colour"][0] == "raven"
    assert (data.background, data.notes) == ("#000000", [])


def test_equal_pictures_with_different_labels_are_both_kept(folder):
    first, second = names(folder)[:2]
    (folder / second).write_bytes((folder / first).read_bytes())
    write(folder, ["file,n", *(f"{name},{i}" for i, name in enumerate(names(folder)))])
    assert {first, second} <= set(training_set(DataOptions(folder)).names)
