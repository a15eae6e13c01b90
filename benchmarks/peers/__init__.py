"""Bots to compare with, as their libraries' documentation writes them. Each is a program of its own."""
