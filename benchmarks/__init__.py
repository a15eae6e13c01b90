"""What is promised about speed, measured beside something to compare it with."""
