"""What the database holds and how it is opened; nothing here decides anything."""
