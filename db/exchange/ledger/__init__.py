"""The city's ledger: packages of all counties in one SQLite file, what was answered, and what they add up to."""
