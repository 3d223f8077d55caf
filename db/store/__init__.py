"""The county file: connection, migrations, journal, undo, attachments, backup, lock."""
