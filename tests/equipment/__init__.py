"""What tests put between the programs and the world."""
