"""The shopkeeper's page on this PC, and the robot that runs while it is served."""
