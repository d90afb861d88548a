"""Memory made of words: what happens to an event from the guard at the door to the context of a prompt."""
