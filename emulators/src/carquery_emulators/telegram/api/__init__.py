"""The Bot API: its methods, and how updates reach the bot."""
