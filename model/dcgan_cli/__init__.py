# SPDX-License-Identifier: Apache-2.0
"""What all command lines share: numbers that are checked, one-line errors, exit statuses."""
