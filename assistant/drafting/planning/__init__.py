"""Words -> MetricQuery without a model.

language -> periods, vocabulary -> candidates (items) -> reading -> roles -> measures, conditions, ranking ->
assembly. Each module uses those before it only.
"""
