# SPDX-License-Identifier: Apache-2.0
"""From sprites to avatars in hardware: the commands of the way, and the page of results."""
