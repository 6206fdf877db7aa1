"""From the written tree to Terms: what each relation of a document means."""
