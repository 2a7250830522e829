"""Where the rooms meet: one module per story. A story runs in the caller's transaction and never commits."""
