"""The manual: its chapters in `resources/manual` with the tables that come from the program's own definitions."""
