# SPDX-License-Identifier: Apache-2.0
"""The page that runs the RTL: from a network to WebAssembly, to files, to a browser."""
