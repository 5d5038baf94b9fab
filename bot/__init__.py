"""Carries messages between people and `answers`: Telegram, the terminal, and the command line."""
