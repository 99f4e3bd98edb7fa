"""Tests of the room that speaks to PrestaShop's webservice."""
