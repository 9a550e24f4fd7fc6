# SPDX-License-Identifier: Apache-2.0
"""What every other room builds on: shapes, networks, latents, images, files."""
