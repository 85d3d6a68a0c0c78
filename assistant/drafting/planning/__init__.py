"""Words -> MetricQuery without a model; each module uses those before it only.

language -> periods, vocabulary -> candidates (items) -> reading -> roles -> measures, conditions,
ranking -> assembly.
"""
