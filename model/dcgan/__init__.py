# SPDX-License-Identifier: Apache-2.0
"""The avatar DCGAN: data, networks, training, integers. No argument parsing lives here."""
