"""Documents for people: the workbook and the letter that go with a package."""
