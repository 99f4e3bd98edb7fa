"""Tests of the channels, on real servers and on faulty ones."""
