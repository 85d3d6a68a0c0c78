{# One weather observation: station and local hour, such as JFK-2013-06-01T15. #}
{% macro weather_key(station, hour) -%}
    {{ station }} || '-' || strftime({{ hour }}, '%Y-%m-%dT%H')
{%- endmacro %}
