"""Reading a till, whatever it is kept in."""
