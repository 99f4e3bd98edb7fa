"""Both programs over a real FTP server against the simulated shop: the stories told whole."""
