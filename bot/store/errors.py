"""What the storage says when something is wrong with it."""


class StoreError(Exception):
    """The database cannot be used, or not now. The message says what is wrong and how to mend it, without a secret."""
