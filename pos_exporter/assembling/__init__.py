"""The steps of `assemble`: rows become facts, kind by kind. Pure."""
