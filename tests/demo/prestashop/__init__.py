"""The simulated PrestaShop: its behaviour, and its shape against recorded answers."""
