"""Memory made of layers: an associative memory that a network writes with every token and reads with every token.

rule/      how a state is written and read: init, step, read, and the same in chunks
layer/     a rule inside a module: projections, short convolution, gates, normalisation
recipes/   papers as compositions of the two
stream/    memories of the nodes of a stream of events
assoc/     memories outside a network: store patterns, recall them from a part, forget (numpy, no torch)

Four choices make a gradient memory: its structure, its objective, its retention and its learner, a module each.

Axis letters, here and in every file below: B batch, T time, H heads, K key size, V value size, W width of the model,
C steps of one chunk, N chunks.
"""
