# SPDX-License-Identifier: Apache-2.0
"""The main job: latents through the simulated Generator, every pixel against the golden model."""
