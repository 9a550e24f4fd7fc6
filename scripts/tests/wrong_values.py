# SPDX-License-Identifier: Apache-2.0
"""Values that no command takes, or value -> a part of the sentence that it gives.

{name} stands for a file of wrong_files.py.
"""

from __future__ import annotations

WHOLE = ("0", "-1", "1.5", "1e9", "inf", "nan", "ten", "''", "99999999999999999999")
"""No number of avatars, iterations or threads."""
REAL = ("0", "-0.5", "inf", "-inf", "nan", "11", "much")
"""No rate, and no share but for the last."""
NETWORKS = {
    "huge": "no network is called 'huge'",
    "../compact": "no network is called '../compact'",
    "none.safetensors": "none.safetensors",
    "{folder}.safetensors": "",
    "{pipe}": "pipe.safetensors",
    "{text}": "text.safetensors",
    "{half}": "half.safetensors",
    "{foreign}": "foreign.safetensors",
    "{pickled}": "pickled.safetensors",
}
"""What no command takes for a network."""
FLOATS = {
    "{nan}": "layer2.weight holds numbers that are not finite",
    "{infinite}": "v1 holds numbers that are not finite",
    "{double}": "layer1.bias is float64, a checkpoint holds float32",
    "{brain}": "layer1.bias is bfloat16",
    "{up}": "the network's name '../../up'",
    "{slash}": "the network's name 'a/b'",
    "{newline}": r"the network's name 'a\nb'",
    "{unnamed}": "the network's name 5",
    "{wide}": "channel counts from 1 to 4096",
    "{narrow}": "does not hold network",
    "{listed}": "no JSON object",
    "{kinds}": "latents must be one of normal, binary",
    "{background}": "the background must be text",
    "{palette}": "palette and attributes must be lists of text",
    "{about}": "must be a JSON object",
    "{deep}": "is not a checkpoint of this project",
}
"""Float checkpoints with one thing wrong."""
INTEGERS = {
    "{shift0}": "the shift is 1 to 31, got 0",
    "{shift70}": "the shift is 1 to 31, got 70",
    "{shift99}": "the shift is 1 to 31, got 99",
    "{shift_float}": "layer1.shift must be one int32, got float32",
    "{shift_many}": "layer1.shift must be one int32",
    "{table_float}": "the tanh table must be uint8",
    "{table_wide}": "the tanh index has 4 to 14 bits, got 40",
    "{table_text}": "the tanh index has 4 to 14 bits, got 'x'",
    "{bits}": "weights have 2 to 8 bits, got 64",
    "{activation}": "activation_max must be 1..255, got 4096",
    "{weights_float}": "weight must be int8",
    "{weights_brain}": "not an integer generator",
    "{int_up}": "the network's name '../../up'",
    "{int_newline}": r"the network's name 'a\nb'",
    "{int_training}": "must be a JSON object",
    "{int_missing}": "layer3.bias",
}
"""Integer checkpoints with one thing wrong."""
FOLDINGS = {
    "none.json": "no such folding file",
    "{folder}": "",
    "{pipe_json}": "pipe.json is no regular file",
    "{text_json}": "not a folding",
    "{fold_list}": "not a folding",
    "{fold_three}": "a folding has 4 layers, got 3",
    "{fold_odd}": "couts 5 does not divide 8",
    "{fold_rows}": "phase_rows and phase_cols must be 1 or 2",
    "{fold_key}": "not a folding",
    "{fold_packing}": "packing 'dense': choose one of",
}
RECIPES = {
    "batch = 0": "batch must be 1 to 4,096",
    "batch = 1000000": "batch must be 1 to 4,096",
    "batch = true": "batch must be a int",
    "iterations = -5": "iterations must be 1 to",
    "schedule = 0": "schedule must be 1 to",
    "seed = -1": "seed must be 0 to",
    "generator_rate = nan": "generator_rate must be 0 to 10, got nan",
    "generator_rate = 1e3": "generator_rate must be 0 to 10",
    "discriminator_rate = 0.0": "discriminator_rate must be above 0",
    "discriminator_rate = inf": "discriminator_rate must be 0 to 10",
    "beta1 = 1.0": "beta1 must be below 1",
    "beta2 = -0.1": "beta2 must be 0 to 1",
    "ema = nan": "ema must be 0 to 1",
    "final_rate = 2.0": "final_rate must be 0 to 1",
    "density = 0.0": "density must be above 0",
    "density_weight = -1.0": "density_weight must be 0 to",
    "pre_tanh_penalty = inf": "pre_tanh_penalty must be 0 to",
    "gradient_penalty = -0.5": "gradient_penalty must be 0 to",
    "translation = 33": "translation must be 0 to 32",
    "mixup_negatives = -1": "mixup_negatives must be 0 to",
    "reconstructions = -1": "reconstructions must be 0 to",
    "pretraining_iterations = -1": "pretraining_iterations must be 0 to",
    "teacher_iterations = 0": "teacher_iterations must be 1 to",
    "teacher_weight = nan": "teacher_weight must be 0 to",
    "odd_kernel_rate = 1.5": "odd_kernel_rate must be 0 to 1",
    "widths = [64, 128]": "widths must be three numbers",
    "widths = [64, 128, 0]": "widths must be three numbers",
    "widths = [64, 128, 2.5]": "widths must be three numbers",
    "grey_widths = [1, 2, 100000]": "grey_widths must be three numbers",
    'name = "a/b"': "name must be 1 to 64 characters",
    'name = "a\\nb"': "name must be 1 to 64 characters",
    'name = ""': "name must be 1 to 64 characters",
    'network = "../tiny"': "no network is called '../tiny'",
    'loss = "none"': "loss must be one of",
    "colour = 3": "which is no setting of a recipe",
    "batch = ": "is not TOML",
    "seed = 1" + "0" * 30: "seed must be 0 to",
}
"""A line of TOML -> what train.py says."""
RUNS = {
    "{folder}": "there is no run to resume",
    "{run_text}": "is damaged, or no program of ours wrote it",
    "{run_list}": "is not the state of a run",
    "{run_module}": "is damaged, or no program of ours wrote it",
    "{run_weights}": "is not the state of a run",
    "{run_hollow}": "it holds no recipe",
    "{run_data}": "it does not name its images",
    "{run_words}": "what the run keeps of its training images is damaged",
    "{run_pipe}": "state.pt is no regular file",
}
DATA = {
    "none": "none",
    "{empty}": "empty",
    "{text}": "text.safetensors",
    "{pipe}": "is no regular file",
    "{eps}": "eps.png is no PNG, GIF, WebP or BMP picture",
    "{pipes}": "pipes",
    "{macos}": "macos",
}
"""What no command takes for training images."""
OUT = {"{text}/below": "is no folder", "{locked}/x": "is no folder"}
OUT_FOLDER = {**OUT, "{text}": "text.safetensors is no folder"}
OUT_FILE = {**OUT, "{folder}": "is a folder, give a file"}
BLOCKS = {
    "none.md": "none.md cannot be read",
    "{pipe}": "is no regular file",
    "{text}": "has 0 blocks",
}
COUNT, SEED = WHOLE, WHOLE[1:]


def each(option: str, values) -> list[tuple[str, str]]:
    """`option` with every value; the sentence names its last word, or what `values` maps to."""
    name = option.split()[-1] if option else ""
    pairs = values.items() if isinstance(values, dict) else [(value, name) for value in values]
    return [(f"{option} {value}".strip(), text) for value, text in pairs]
