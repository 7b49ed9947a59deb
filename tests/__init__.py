"""Tests; a package so that the servers they start can be imported."""
