"""What nobody declared, read from names, types and data: keys, joins, layers, starter metrics.

Everything here is marked inferred and ungoverned. When in doubt, nothing is offered: a wrong join
or a sum over the wrong column is worse than no answer.

words -> layers, naming, natures -> shapes, times, keys -> subjects -> joins, links -> definitions
-> manifest, nouns -> inference. `layer` compiles queries.
"""
