"""Charts drawn with Qt itself: stacked bars, curves, bars compared; each is a table too, and prints."""
