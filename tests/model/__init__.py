"""The stock model: pure worlds around the real programs, played by the thousand (design: SPEC §11).

make model HISTORIES=1000
"""
