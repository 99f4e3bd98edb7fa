"""The site's program: receives facts, closes the difference with PrestaShop, sends orders back."""
