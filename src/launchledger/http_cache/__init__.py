"""Complete replies in memory, in front of the framework: how long they are fresh, how they are coded, what names them."""
