"""Runs the program: `python -m shop_agent` is the same as its command."""

from shop_agent.cli import main

if __name__ == "__main__":
    main()
