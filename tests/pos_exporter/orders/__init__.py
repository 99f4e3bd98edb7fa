"""Tests of web orders on their way into the till: desk, ledger, answers, kills."""
