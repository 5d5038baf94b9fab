"""How a database of an earlier version becomes one of this: Alembic's environment and the steps, one file each.

A new step is a file `versions/rNNNN_what_it_does.py` whose `down_revision` is the latest one's `revision`. The tests
compare what the steps make with `bot.store.tables`.
"""
