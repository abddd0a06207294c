"""Pages for people about the catalogue: what it holds, how old that is, and what changed. They work without JavaScript."""
