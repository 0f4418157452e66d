"""The ring: events in, one writer, acts out. The only part that writes the database."""
