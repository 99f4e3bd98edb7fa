"""Web orders: read from the shop, told to the till, kept in a book until the till has them."""
