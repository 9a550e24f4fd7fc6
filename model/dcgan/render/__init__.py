# SPDX-License-Identifier: Apache-2.0
"""Back ends that draw avatars, and the stream of avatars for a DataLoader."""
