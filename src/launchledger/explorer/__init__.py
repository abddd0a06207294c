"""Pages for people about the catalogue: its contents, their age, and the last changes. They work without JavaScript."""
