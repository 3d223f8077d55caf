"""The clerk's work: directory, quotas, breakdown, registers."""
