"""The way back: what the till says of a web order is brought to the shop, and told its customer."""
