"""PrestaShop's webservice: the only room of Comptoir that knows its XML, verbs and versions."""
