"""Work packages: a part of the county that a colleague works on at another PC, and what comes back of it."""
