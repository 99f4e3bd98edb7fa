"""Backups: the sealed file, the passphrase, what is saved and what is restored."""
