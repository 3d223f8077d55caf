"""Reading a plan: a file becomes a document, a document becomes a catalogue."""
