"""What an instructor and an author meet: `build` writes the student notebooks, `prove` tests the checks themselves."""
