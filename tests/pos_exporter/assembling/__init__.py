"""Tests of making facts of rows."""
