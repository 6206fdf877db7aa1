"""What a document says of its letters before any relation is given a meaning: uses, shapes, declarations."""
