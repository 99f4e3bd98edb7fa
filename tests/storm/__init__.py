"""Everybody at once: web orders, edits and cancellations, sales at the till, both programs.

Then all is quiet, and somebody who knows none of our code counts: the shop's stock against the
formula, and the till's orders against the shop's. Played small on the simulator with the other
tests, and at full size on a real shop (`make live`).
"""
