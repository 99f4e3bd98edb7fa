"""A believable shoe shop, an FTP server and a simulated PrestaShop, on one machine."""
