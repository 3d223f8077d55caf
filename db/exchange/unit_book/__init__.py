"""The workbook that a town, an enterprise or a department fills in: its form, the way out, the way back."""
