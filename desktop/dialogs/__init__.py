"""Dialogs: progress, lists of problems, help and what to do about an error."""
