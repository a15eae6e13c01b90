"""What stands in the account, and which tokens are good for it."""
