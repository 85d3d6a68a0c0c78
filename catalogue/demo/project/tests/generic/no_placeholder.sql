{# Rows whose value was invented because the source has none. #}
{% test no_placeholder(model, column_name, prefix) %}
select {{ column_name }}
from {{ model }}
where starts_with({{ column_name }}, '{{ prefix }}')
{% endtest %}
