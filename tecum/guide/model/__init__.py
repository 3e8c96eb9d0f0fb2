"""The fifteen dimensions of a guide as frozen dataclasses; each field says what it means (`fields.need`)."""
