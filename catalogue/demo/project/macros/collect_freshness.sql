{# Judge freshness at the platform's own clock: against today, data of 2013 is always stale. #}
{% macro collect_freshness(source, loaded_at_field, filter) %}
    {% call statement('collect_freshness', fetch_result=True, auto_begin=False) -%}
        select
            max({{ loaded_at_field }}) as max_loaded_at,
            timestamp '{{ var("judged_at") }}' as snapshotted_at
        from {{ source }}
        {% if filter %} where {{ filter }} {% endif %}
    {% endcall %}
    {{ return(load_result('collect_freshness')) }}
{% endmacro %}
