"""Where packets travel: one port, and its FTP, folder and memory channels."""
