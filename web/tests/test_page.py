# SPDX-License-Identifier: Apache-2.0
"""The page in Chromium: what it draws and compares is what Python's golden model says."""

from __future__ import annotations

import base64
import json
import shutil
from dataclasses import replace

import numpy as np
import pytest
from asking import BATCH, call, drawn
from dcgan.core.latents import draw_z
from dcgan.core.network_files import float_file, integer_file
from dcgan.hw.latent_rng import draw_latents, interpolate
from dcgan.hw.widths import acc_width
from dcgan.quant.golden import GoldenGenerator
from dcgan.quant.int_generator import IntegerGenerator, save_integer
from networks import sibling, stranger
from wasm import Hardware
from web_flow.page import SINGLE

from tb.lib.network import exported
from tb.lib.scoreboard import assert_same_map
from tb.sim.report import first_difference

AVATARS, SEED = 64, 64


def test_pixels_maps_and_both_models_agree_for_64_avatars(visit):
    ig, z = exported("compact").integers, draw_z(AVATARS, SEED)
    pixels, model, maps = drawn(visit(), z, ig.config.channels)
    golden = GoldenGenerator(ig)
    assert first_difference(pixels, golden.rgb(z)) is None
    assert first_difference(model, golden.rgb(z)) is None
    for plane, wanted in enumerate(golden.run_planes(z)):
        for layer in (1, 2, 3):
            found = maps[layer - 1][:, plane]
            what = f"layer {layer}, plane {'RGB'[plane]}"
            assert_same_map(found, getattr(wanted, f"act{layer}"), what, ("avatar", "c", "y", "x"))


def test_cycles_are_those_of_the_module_without_a_browser(visit, module):
    z = draw_z(AVATARS, SEED)
    hardware = Hardware(module("compact"), exported("compact").rom_dir)
    assert visit().ask(call(BATCH, z)) == hardware.draw(z).ends.tolist()


def test_a_seed_is_the_avatar_that_a_board_draws_for_it(visit):
    tab = visit("#seed=18446744073709551615&lang=en")
    z = draw_latents(2**64 - 1, 1)
    assert tab.ask("[...avatarPage.z]") == z[0].tolist()
    shown = tab.ask(
        "[...document.getElementById('picture').getContext('2d').getImageData(0, 0, 32, 32).data]"
    )
    wanted = GoldenGenerator(exported("compact").integers).rgb(z)[0]
    np.testing.assert_array_equal(
        np.array(shown).reshape(32, 32, 4)[..., :3], wanted.transpose(1, 2, 0)
    )


def test_the_strip_follows_equations_12_and_13(visit):
    tab = visit("#seed=7&lang=en")
    tab.wait("document.querySelectorAll('#strip .brick').length === 5")
    ends = draw_latents(7, 1)[0], draw_latents(21, 1)[0]
    for k, wanted in enumerate(interpolate(*ends, 3)):
        tab.ask(f"document.querySelectorAll('#strip .brick')[{k}].onclick()")
        tab.wait(f"!avatarPage._drawing && avatarPage.z.join() === '{','.join(map(str, wanted))}'")
        tab.ask("avatarPage.show(avatarPage._latentOf('7'), { seed: 7n, play: false })")
        tab.wait("document.querySelectorAll('#strip .brick').length === 5")


@pytest.mark.parametrize("rom", ["layer3.hex", "layer2.hex", "tanh.hex"])
def test_a_flipped_rom_bit_is_reported_as_wasmtime_sees_it(visit, module, tmp_path, rom):
    golden = GoldenGenerator(exported("compact").integers)
    z = draw_latents(42, 1)
    want = golden.rgb(z)[0]
    # Words of the avatar's middle, which every avatar uses.
    used = golden.run_planes(z)[1].index4[0, 12:20, 12:20].ravel()
    words = used if rom == "tanh.hex" else range(20, 200, 7)
    word, bit, got = damage(module("compact"), z, tmp_path / "rom", rom, words, want)
    places = np.argwhere(got != want)
    plane, y, x = map(int, places[0])
    tab = visit("#seed=42&lang=en")
    tab.ask(f"avatarPage.check.flipBit('{rom}', {word}, {bit})")
    said = tab.wait("document.querySelector('#verdict.bad')?.textContent")
    assert "Hardware and model differ" in said
    assert f"{len(places):,} of 3,072 pixel values differ." in said
    where = f"plane {'RGB'[plane]}, y = {y}, x = {x}: the hardware says {got[plane, y, x]}"
    assert f"{where}, the model {want[plane, y, x]}." in said
    assert f"bit {bit:,} of word {word:,} in {rom}" in tab.ask(
        "document.getElementById('damage').textContent"
    )
    assert tab.ask("!document.getElementById('wrong').hidden")
    tab.click("#repair")
    tab.wait("!!document.querySelector('#verdict.good')")
    assert tab.ask("document.getElementById('damage').hidden")
    assert tab.ask("document.getElementById('wrong').hidden")


def damage(module, z, folder, rom, words, want) -> tuple[int, int, np.ndarray]:
    """The first of `words` whose bit 7 changes an avatar, not at its border; its pixels."""
    source = exported("compact").rom_dir
    for word in map(int, words):
        shutil.copytree(source, folder, dirs_exist_ok=True)
        lines = (source / rom).read_text().splitlines()
        lines[word + 1] = f"{int(lines[word + 1], 16) ^ (1 << 7):0{len(lines[word + 1])}x}"
        (folder / rom).write_text("\n".join(lines) + "\n")
        got = Hardware(module, folder).draw(z).pixels[0]
        if (got != want).any() and np.argwhere(got != want)[0, 1:].all():
            return word, 7, got
    raise AssertionError(f"no word of {rom} matters")


def test_the_button_damages_a_rom_too(visit):
    tab = visit()
    tab.ask("document.getElementById('rom').value = 'tanh.hex'")
    tab.click("#flip")
    tab.wait("!document.getElementById('damage').hidden")
    assert "in tanh.hex is inverted" in tab.ask("document.getElementById('damage').textContent")


@pytest.mark.parametrize("relation", [sibling, stranger])
def test_another_network_of_the_preset_runs_in_the_same_hardware(visit, tmp_path, relation):
    network = exported("compact")
    other, z = relation(network.integers), draw_z(8, SEED)
    save_integer(tmp_path / "other_int.safetensors", other)
    tab = visit()
    tab.choose_files("#file", [tmp_path / "other_int.safetensors"])
    tab.wait(
        "document.querySelector('#loaded.good')?.textContent === 'other_int.safetensors is loaded.'"
    )
    pixels, model, _ = drawn(tab, z, other.config.channels)
    wanted = GoldenGenerator(other).rgb(z)
    assert first_difference(pixels, wanted) is None
    assert first_difference(model, wanted) is None
    assert not np.array_equal(wanted, GoldenGenerator(network.integers).rgb(z))


def misfits() -> dict[str, tuple[bytes | IntegerGenerator, str]]:
    """Name -> what is dropped and what the page must say: of `compact` with one thing changed."""
    ig, tiny = exported("compact").integers, exported("tiny").integers
    widest, bits = ig.biases[3].copy(), acc_width(ig.config, exported("compact").folding, 4)
    widest[0] = 2**26
    channels = ["-".join(map(str, n.config.channels)) for n in (tiny, ig)]
    truncated = integer_file("compact").read_bytes()[:-1]
    return {
        "channels": (tiny, f"its channels are {channels[0]}, this hardware has {channels[1]}"),
        "shift": (
            replace(ig, shifts=(16, *ig.shifts[1:])),
            "layer 1 shifts by 16, this hardware by 15 at most",
        ),
        "activations": (
            replace(ig, activation_max=200),
            f"its activations end at 200, here at {ig.activation_max}",
        ),
        "sums": (
            replace(ig, biases=(*ig.biases[:3], widest)),
            f"sums of layer 4 need 28 bits, this hardware has {bits}",
        ),
        "float": (float_file("compact").read_bytes(), "it is not an integer file of this project"),
        "text": (b"not a network at all", "it is not an integer file of this project"),
        "truncated": (truncated, "tanh.table must be"),
    }


@pytest.mark.parametrize("name", misfits())
def test_a_network_that_does_not_fit_gets_the_reason_and_changes_nothing(visit, tmp_path, name):
    content, reason = misfits()[name]
    file = tmp_path / "mine_int.safetensors"
    if isinstance(content, bytes):
        file.write_bytes(content)
    else:
        save_integer(file, content)
    tab = visit()
    tab.choose_files("#file", [file])
    said = tab.wait("document.querySelector('#loaded.bad')?.textContent")
    assert said.startswith(f"{file.name} does not fit: ")
    assert reason in said
    z = draw_z(1, SEED)
    ig = exported("compact").integers
    pixels, _, _ = drawn(tab, z, ig.config.channels)
    assert first_difference(pixels, GoldenGenerator(ig).rgb(z)) is None


def test_a_file_is_dropped_anywhere_on_the_page(visit):
    tab = visit()
    raw = integer_file("tiny").read_bytes()
    text = json.dumps(base64.b64encode(raw).decode())
    tab.ask(f"""(() => {{
      const bytes = Uint8Array.from(atob({text}), (c) => c.charCodeAt(0));
      const dataTransfer = new DataTransfer();
      dataTransfer.items.add(new File([bytes], "mine.safetensors"));
      const event = new DragEvent("drop", {{ dataTransfer, bubbles: true, cancelable: true }});
      document.body.dispatchEvent(event);
      return event.defaultPrevented || Promise.reject("the browser would leave the page");
    }})()""")
    said = tab.wait("document.querySelector('#loaded.bad')?.textContent")
    assert said.startswith("mine.safetensors does not fit: its channels are 100-")


def test_the_wall_draws_64_avatars_without_a_difference(visit):
    tab = visit()
    tab.click("#fill")
    said = tab.wait("document.getElementById('wall-said').textContent.match(/64 avatars.*/)?.[0]")
    assert said.endswith(" 0 pixel values differ.")
    assert tab.ask("document.querySelectorAll('#bricks .brick:not(:disabled)').length") == 64
    tab.click("#bricks .brick:nth-child(3)")
    tab.wait("location.hash.includes('z=')")


def test_one_file_from_disk_does_the_same(browser, folder):
    tab = browser.open((folder("compact") / SINGLE).as_uri() + "#seed=3&lang=en")
    assert tab.wait("document.documentElement?.dataset.ready") == "yes", tab.complaints
    assert "0 of 3,072 pixel values" in tab.wait(
        "document.querySelector('#verdict.good')?.textContent"
    )
    assert tab.complaints == []
    assert [u for u in tab.requests if not u.startswith(("file:", "data:", "blob:"))] == []
    tab.close()
