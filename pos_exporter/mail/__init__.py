"""E-mails to the merchant's own people: that orders came in."""
