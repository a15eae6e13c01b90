"""How requests are read, item by item, and answered."""
