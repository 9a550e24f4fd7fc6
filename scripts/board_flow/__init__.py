# SPDX-License-Identifier: Apache-2.0
"""What the commands for boards share: which network, folded how, results where."""
