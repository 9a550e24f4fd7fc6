# SPDX-License-Identifier: Apache-2.0
"""Parts of a training set are held out of training, to judge with."""

from __future__ import annotations

import numpy as np
import pytest
from dcgan.data.sources import DataOptions
from dcgan.data.training_set import training_set


def test_folds_of_a_set_are_disjoint_and_together_the_set():
    whole = training_set(DataOptions())
    parts = [training_set(DataOptions(fold=f"{k}/4")) for k in (1, 2, 3, 4)]
    held = np.concatenate([part.held_out for part in parts])
    key = sorted(image.tobytes() for image in held)
    assert key == sorted(image.tobytes() for image in whole.images)
    for part in parts:
        kept = {image.tobytes() for image in part.images}
        assert len(kept) == len(part.images) == len(part.labels)
        assert not kept & {image.tobytes() for image in part.held_out}


@pytest.mark.parametrize("fold", ["0/5", "6/5", "1/1", "1", "a/b", "-1/5", "1/5/2"])
def test_what_is_no_fold_is_refused(fold):
    with pytest.raises(ValueError, match="--fold is K/N"):
        training_set(DataOptions(fold=fold))


def test_a_fold_that_leaves_too_few_pictures_is_refused(tmp_path):
    np.save(tmp_path / "few.npy", training_set(DataOptions()).images[:20])
    with pytest.raises(ValueError, match="leaves 10 of 20 pictures"):
        training_set(DataOptions(tmp_path / "few.npy", fold="1/2"))
