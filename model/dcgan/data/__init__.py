# SPDX-License-Identifier: Apache-2.0
"""Training images: the drawn set, folders of sprites, labels and the code of labels in latents."""
