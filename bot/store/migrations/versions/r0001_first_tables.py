"""The first tables."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "users",
        sa.Column("id", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("country", sa.String(2)),
        sa.Column("language", sa.Text),
        sa.Column("changed", moment, nullable=False),
    )
    op.create_table(
        "feedback",
        sa.Column("entry", sa.Text, primary_key=True),
        sa.Column("verdict", sa.Text, primary_key=True),
        sa.Column("month", sa.Date, primary_key=True),
        sa.Column("count", sa.Integer, nullable=False),
        sa.CheckConstraint("verdict IN ('yes', 'no', 'out-of-date', 'not-in-source')", name="feedback_verdict"),
    )
    op.create_table(
        "questions",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("user_id", sa.BigInteger, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("language", sa.Text, nullable=False),
        sa.Column("asked", moment, nullable=False),
    )
    op.create_index("ix_questions_user_id", "questions", ["user_id"])
    op.create_table(
        "handled",
        sa.Column("update_id", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("at", moment, nullable=False),
    )
    op.create_index("ix_handled_at", "handled", ["at"])
    op.create_table(
        "groups",
        sa.Column("chat_id", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("answers_unasked", sa.Boolean, nullable=False, server_default=sa.false()),
        sa.Column("unasked_every", sa.Integer, nullable=False),
        sa.Column("moderators_chat", sa.BigInteger),
        sa.Column("moderators_thread", sa.BigInteger),
        sa.Column("changed", moment, nullable=False),
    )
