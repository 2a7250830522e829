"""What the State already knows, fetched once instead of asked again. No decisions here: values, source and time."""
