"""The cells of a spreadsheet file that somebody sends back: whatever saved it, bounded, with their places."""
