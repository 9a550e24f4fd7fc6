# SPDX-License-Identifier: Apache-2.0
"""Training: the recipe, the trainer and its phases, the run folder."""
