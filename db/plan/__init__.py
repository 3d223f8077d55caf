"""The plan: its document, its clauses and targets."""
