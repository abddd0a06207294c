"""What those who run the server need: is it alive, is it ready."""
