"""Widgets that pages and dialogs are put together from; data reaches them through the session alone."""
