"""Tests of the demonstration: its till, its FTP server and its simulated PrestaShop."""
