"""The smallest bot that answers each message, to measure beside: `python -m benchmarks.echo URL default|ours`."""

from __future__ import annotations

import sys

from telegram import Update
from telegram.ext import ApplicationBuilder, ContextTypes, MessageHandler, filters

from benchmarks.telegram import TOKEN
from bot.transport import AiohttpRequest
from bot.turns import AT_ONCE


async def echo(update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
    """Say the same."""
    if update.message:
        await update.message.reply_text(update.message.text or "")


def main(url: str, transport: str) -> None:
    """Run it against the server at `url`, on the library's own transport or on ours."""
    builder = ApplicationBuilder().token(TOKEN).base_url(f"{url}/bot").concurrent_updates(AT_ONCE)
    if transport == "ours":
        builder = builder.request(AiohttpRequest(2 * AT_ONCE)).get_updates_request(AiohttpRequest(1))
    application = builder.build()
    application.add_handler(MessageHandler(filters.TEXT, echo))
    application.run_polling()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
