"""Personal and sensitive columns that nobody has marked: found by name, pattern and checksum."""
