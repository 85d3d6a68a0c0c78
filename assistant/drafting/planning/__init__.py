"""Words -> MetricQuery without a model.

language -> periods, vocabulary -> reading (items) -> roles -> measures, conditions, ranking ->
assembly. Each module uses those before it only.
"""
