"""The API of MAX for bots: its paths, and how updates reach the bot."""
