"""A Bot API and its customers, so cheap that bots can be measured beside it on two cores."""
