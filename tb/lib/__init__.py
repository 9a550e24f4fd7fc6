"""Testbench library: stream drivers, scoreboard, builds. It knows no device under test."""
