"""Texts with entities, and keyboards."""
