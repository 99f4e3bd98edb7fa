"""The same stories against a real PrestaShop that may be written to at will (`make live`)."""
