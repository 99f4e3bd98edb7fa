"""One long conversation with a shop, spoken alike to the simulator and to a real PrestaShop."""
