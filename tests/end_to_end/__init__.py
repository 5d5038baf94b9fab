"""Tests of the whole bot: the real console script talks over HTTP to a stand-in for Telegram's Bot API."""
