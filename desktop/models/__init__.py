"""Models between the session and the views; they know no widgets."""
