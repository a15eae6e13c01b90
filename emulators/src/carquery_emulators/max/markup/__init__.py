"""Formatted texts and keyboards, as MAX reads them."""
