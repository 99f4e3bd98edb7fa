"""`backup` and `restore` of both programs: keys, settings and state in one sealed file."""
