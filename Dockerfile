# The bot as a small image that runs as nobody and writes to /data alone. Build: docker build -t kratom-answers .
# Run: docker run --read-only -v kratom-answers:/data -e KRATOM_ANSWERS_TELEGRAM__TOKEN kratom-answers
FROM python:3.13-slim AS build
WORKDIR /src
COPY pyproject.toml README.md LICENSE LICENSE-CONTENT ./
COPY answers answers
COPY bot bot
RUN python -m venv /app && /app/bin/pip install --no-cache-dir --disable-pip-version-check .

FROM python:3.13-slim
COPY --from=build /app /app
ENV PATH=/app/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 KRATOM_ANSWERS_STORAGE__URL=sqlite:////data/bot.db
RUN mkdir /data && chown nobody /data
VOLUME /data
USER nobody
ENTRYPOINT ["kratom-answers"]
CMD ["run"]
