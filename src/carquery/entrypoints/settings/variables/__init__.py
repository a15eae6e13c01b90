"""How each kind of variable is read: as people write it, and with a sentence of ours about what can't be read."""
