# SPDX-License-Identifier: Apache-2.0
"""The page as visitors use it: mouse, keyboard, screen readers, any screen, two languages."""

from __future__ import annotations

import json
import re
from pathlib import Path

import numpy as np
import pytest
import torch
from dcgan.data.latent_code import LatentCode
from dcgan.quant.golden import GoldenGenerator
from PIL import Image
from web_flow.page import attributes

from tb.lib.network import ROOT, exported

HERE = Path(__file__).parent
AUDIT = (HERE / "audit.js").read_text()
VIEW = ROOT / "web" / "view"
SPOKEN = {"button", "slider", "textbox", "combobox", "image", "table", "region", "link"}
SCREENS = [(1280, 900), (390, 844), (320, 640)]
FIRST_AVATAR_MS = 2000


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("language", ["en", "ja"])
@pytest.mark.parametrize(("width", "height"), SCREENS, ids=lambda n: str(n))
def test_the_page_can_be_read(visit, width, height, language, dark):
    tab = visit(f"#seed=7&lang={language}", width=width, height=height, dark=dark)
    assert tab.ask("document.documentElement.lang") == language
    assert tab.ask("getComputedStyle(document.body).backgroundColor") == (
        "rgb(15, 19, 26)" if dark else "rgb(244, 242, 236)"
    )
    tab.ask("document.getElementById('entries').open = true")
    tab.settle(0.2)
    assert tab.ask(AUDIT) == []


def test_the_audit_finds_what_is_wrong(visit):
    tab = visit()
    tab.ask("document.querySelector('.lead').style.color = '#ccc'")
    tab.ask("document.querySelector('h2').textContent = ''")
    tab.ask("document.getElementById('another').style.minWidth = '2000px'")
    tab.ask(
        "document.getElementById('machine').insertAdjacentHTML('beforeend', '<h4 id=share>x</h4>')"
    )
    found = "\n".join(tab.ask(AUDIT))
    for part in ("a contrast of 1", "is empty", "beyond the screen", "called #share"):
        assert part in found


@pytest.mark.parametrize("language", ["en", "ja"])
def test_everything_that_can_be_used_has_a_name(visit, language):
    tab = visit(f"#seed=7&lang={language}")
    tab.click("#entries summary")
    tab.settle(0.2)
    nodes = tab.call("Accessibility.getFullAXTree")["nodes"]
    spoken = [n for n in nodes if not n["ignored"] and n["role"]["value"] in SPOKEN]
    nameless = [n["role"]["value"] for n in spoken if not n.get("name", {}).get("value")]
    assert nameless == []
    assert sum(n["role"]["value"] == "slider" for n in spoken) >= 100 + 5 + 2


def test_both_languages_have_the_same_texts_with_the_same_facts():
    def texts(name: str) -> dict[str, set[str]]:
        source = (VIEW / name).read_text().split("_WORDS")[0]
        pairs = re.findall(r'\b(\w+): "((?:[^"\\]|\\.)*)"', source)
        return {key: set(re.findall(r"\{(\w+)\}", text)) for key, text in pairs}

    english, japanese = texts("texts_en.js"), texts("texts_ja.js")
    assert english.keys() == japanese.keys()
    assert len(english) > 80
    english["how3"] = japanese["how3"] = set()  # Japanese counts in ten thousands
    assert english == japanese


def test_every_text_that_is_asked_for_exists():
    known = set(re.findall(r'\b(\w+): "', (VIEW / "texts_en.js").read_text()))
    used = set(re.findall(r'data-(?:text|label)="(\w+)"', (VIEW.parent / "index.html").read_text()))
    for file in VIEW.glob("*.js"):
        used |= set(re.findall(r'\bt\("(\w+)"', file.read_text()))
    reasons = set()
    for file in (VIEW.parent / "core").glob("*.js"):
        reasons |= set(re.findall(r'new Unfit\("(\w+)"', file.read_text()))
    assert used | {f"why_{reason}" for reason in reasons} <= known


def test_the_first_avatar_is_there_within_two_seconds(visit):
    times = []
    for _ in range(3):
        times.append(int(visit().ask("document.documentElement.dataset.first")))
    assert min(times) <= FIRST_AVATAR_MS


def test_the_keyboard_reaches_the_avatar_and_draws_another(visit):
    tab = visit()
    tab.press("Tab")
    assert tab.ask("document.activeElement.className") == "skip"
    tab.press("Enter")
    tab.press("Tab")
    assert tab.ask("document.activeElement.id") == "another"
    assert tab.ask("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    tab.press("Enter")
    tab.wait("avatarPage.seed !== 7n && !avatarPage._drawing")
    assert tab.ask("location.hash").startswith("#seed=")
    tab.ask("document.getElementById('cursor').focus()")
    tab.press("ArrowLeft", "ArrowLeft", "ArrowLeft")
    cycles = tab.ask("avatarPage.run.cycles")
    assert tab.ask("document.getElementById('at-cycle').textContent").startswith(
        f"{cycles - 3:,} /"
    )
    assert "Drawing" in tab.ask("document.getElementById('verdict').textContent")
    tab.press("End")
    tab.wait("!!document.querySelector('#verdict.good')")


def test_the_mouse_looks_into_a_run(visit):
    tab = visit()
    tab.click("#plot")
    tab.wait("avatarPage.machine._replay.cycle < avatarPage.run.cycles")
    cycle, cycles = tab.ask("[avatarPage.machine._replay.cycle, avatarPage.run.cycles]")
    assert abs(cycle / cycles - 0.5) < 0.02
    assert tab.ask("avatarPage.machine._replay.active.every((n) => n > 0)")
    assert 0 < tab.ask("avatarPage.machine._replay.pixels") < 3072


def test_the_avatar_appears_pixel_by_pixel_where_motion_is_welcome(visit):
    tab = visit(still=False)
    tab.ask("document.getElementById('speed').value = '2'")
    tab.click("#play")  # stop
    tab.click("#play")  # and go on, faster
    seen = set()
    while not tab.ask("!!document.querySelector('#verdict.good')"):
        seen.add(tab.ask("avatarPage.machine._replay.pixels"))
    assert len(seen) > 3
    assert tab.ask("document.getElementById('play').textContent") == "Play"


def test_attributes_are_asked_for_as_python_reads_them(visit):
    tab = visit()
    coded = attributes(exported("compact").integers)
    assert tab.ask("document.getElementById('attributes').hidden") == (not coded)
    assert tab.ask("document.querySelectorAll('#attributes select').length") == len(coded)
    code = LatentCode(tuple(tuple(attribute["numbers"]) for attribute in coded))
    for number, attribute in enumerate(coded):
        last = len(attribute["values"]) - 1
        select = f"document.getElementById('attribute-{attribute['name']}')"
        tab.ask(f"(() => {{ {select}.value = '{last}'; {select}.onchange(); }})()")
        tab.wait("!avatarPage._drawing")
        z = torch.tensor(tab.ask("[...avatarPage.z]"))[None]
        found = code.attributes(z)[0].tolist()
        assert found[number] == last
        shown = tab.ask("[...document.querySelectorAll('#attributes select')].map((s) => s.value)")
        assert [int(value) for value in shown] == found
    assert not coded or tab.ask("location.hash").startswith("#z=")


def test_sliders_move_z_and_the_address_brings_it_back(visit):
    tab = visit()
    before = tab.ask("[...avatarPage.z]")
    tab.ask("document.querySelector('#directions input').focus()")
    tab.press("End")
    tab.wait("location.hash.includes('z=') && !avatarPage._drawing")
    moved = tab.ask("[...avatarPage.z]")
    assert moved != before
    tab.click("#entries summary")
    tab.wait("document.querySelectorAll('#entries input').length === 100")
    tab.ask("document.querySelector('#entries input').focus()")
    tab.press("End")
    tab.wait("avatarPage.z[0] === 127 && !avatarPage._drawing")
    again = visit(tab.ask("location.hash"))
    assert again.ask("[...avatarPage.z]") == [127, *moved[1:]]


def test_a_wrong_seed_is_named_and_nothing_is_drawn(visit):
    tab = visit()
    tab.ask(
        "(() => { const s = document.getElementById('seed'); s.value = '-1'; s.onchange(); })()"
    )
    assert "whole number" in tab.ask("document.getElementById('said').textContent")
    assert tab.ask("document.getElementById('seed').getAttribute('aria-invalid')") == "true"
    assert tab.ask("avatarPage.seed === 7n")


def test_a_request_to_another_host_is_refused(visit):
    tab = visit()
    asked = "fetch('http://127.0.0.1:9/').then(() => 'answered', (error) => error.name)"
    blocked = "new Promise((r) => addEventListener('securitypolicyviolation', (e) => r(e.type)))"
    assert tab.ask(f"Promise.all([{blocked}, {asked}])") == ["securitypolicyviolation", "TypeError"]
    tab.settle()
    assert all("Content Security Policy" in text for text in tab.complaints)
    tab.complaints.clear()


def test_the_language_changes_under_way(visit):
    tab = visit()
    tab.click("[data-language=ja]")
    assert tab.ask("document.title") == "ハードウェアが描くアバター"
    assert "一致" in tab.wait("document.querySelector('#verdict.good')?.textContent")
    assert tab.ask("location.hash") == "#seed=7&lang=ja"
    tab.ask("document.getElementById('theme').value = 'dark'")
    tab.ask("document.getElementById('theme').onchange()")
    assert tab.ask("document.documentElement.dataset.theme") == "dark"


def test_downloads_are_the_run_that_is_shown(visit, browser, tmp_path):
    tab = visit()
    browser.call("Browser.setDownloadBehavior", behavior="allow", downloadPath=str(tmp_path))
    names = {"#get-png": "avatar-7.png", "#get-z": "avatar-7.json", "#get-vcd": "avatar-7.vcd"}
    for button, name in names.items():
        tab.click(button)
        for _ in range(100):
            if (tmp_path / name).is_file():
                break
            tab.settle(0.1)
    facts = json.loads((tmp_path / "avatar-7.json").read_text())
    z = np.array(facts["z"], np.int8)
    wanted = GoldenGenerator(exported("compact").integers).rgb(z[None])[0].transpose(1, 2, 0)
    picture = np.array(Image.open(tmp_path / "avatar-7.png").convert("RGB"))
    np.testing.assert_array_equal(picture, wanted.repeat(8, 0).repeat(8, 1))
    words = moved_words((tmp_path / "avatar-7.vcd").read_text())
    colours = np.array([[w >> 16, w & 255, (w >> 8) & 255] for w in words], np.uint8)
    np.testing.assert_array_equal(colours.reshape(32, 32, 3), wanted)


def moved_words(text: str) -> list[int]:
    """m_axis_tdata of every beat of a value change dump, as a register behind it takes them."""
    head, _, body = text.partition("$enddefinitions $end")
    codes = {name: code for code, name in re.findall(r"\$var wire \d+ (\S+) (\w+) \$end", head)}
    values, words = {}, []
    for line in body.split("\n"):
        if line == "1!":
            if values[codes["m_axis_tvalid"]] and values[codes["m_axis_tready"]]:
                words.append(values[codes["m_axis_tdata"]])
        elif line.startswith("b"):
            number, code = line[1:].split()
            values[code] = int(number, 2)
        elif line[:1] in ("0", "1") and line != "0!":
            values[line[1:]] = int(line[0])
    return words
