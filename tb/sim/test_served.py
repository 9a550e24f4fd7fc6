# SPDX-License-Identifier: Apache-2.0
"""One simulator process for many calls: the pixels of golden, and an end that is never silent."""

from __future__ import annotations

import os
import signal
import subprocess

import numpy as np
import pytest
from dcgan.core.latents import draw_z
from dcgan.quant.golden import GoldenGenerator

from tb.lib.network import exported, twin
from tb.sim.renderer import RtlRenderer
from tb.sim.report import first_difference
from tb.sim.served import BATCH, ServedSimulation


@pytest.fixture
def served():
    simulation = ServedSimulation(twin(exported("tiny")), patience=60)
    yield simulation
    simulation.close()


def golden(z: np.ndarray) -> np.ndarray:
    return GoldenGenerator(exported("tiny").integers).rgb(z)


def test_one_process_draws_call_after_call_what_golden_draws(served):
    extremes = [np.zeros(100), np.full(100, 127), np.full(100, -127)]
    for z in (draw_z(1, 1), draw_z(3, 2), draw_z(0, 3), draw_z(BATCH + 2, 4), extremes):
        z = np.asarray(z, np.int8)
        assert first_difference(served(z), golden(z)) is None
    assert served.process.poll() is None


def test_it_ends_by_itself_when_its_input_does(served):
    served(draw_z(1, 1))
    served.process.stdin.close()
    assert served.process.wait(10) == 0


def test_a_batch_that_breaks_off_is_fatal(served):
    folder = twin(exported("tiny")).folder / "served"
    ended = subprocess.run(
        served.process.args, cwd=folder, input="2\n00\n", capture_output=True, text=True
    )
    assert ended.returncode != 0 and "a latent is missing" in ended.stdout + ended.stderr


def test_a_dead_simulator_is_one_sentence_and_the_next_call_starts_another():
    with RtlRenderer("tiny") as render:
        render(draw_z(2, 1))
        dead = render._opened.process
        dead.kill()
        dead.wait()
        with pytest.raises(
            RuntimeError, match=r"simulator of tiny.* ended with status -9"
        ) as raised:
            render(draw_z(1, 1))
        assert "\n" not in str(raised.value)
        assert np.array_equal(render(draw_z(1, 5)), golden(draw_z(1, 5)))
        process = render._opened.process
    assert process.poll() is not None


def test_a_simulator_that_hangs_is_given_up():
    with RtlRenderer("tiny", patience=0.3) as render:
        render(draw_z(1, 1))
        os.kill(render._opened.process.pid, signal.SIGSTOP)
        with pytest.raises(RuntimeError, match=r"has said nothing for 0\.3 seconds"):
            render(draw_z(1, 1))
        assert render._opened is None


def test_a_forked_process_leaves_the_simulator_of_its_parent_alone():
    with RtlRenderer("tiny") as render:
        z = draw_z(2, 6)
        render(z[:1])
        child = os.fork()
        if child == 0:
            os._exit(0 if np.array_equal(render(z), golden(z)) else 1)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
        assert np.array_equal(render(z), golden(z))
