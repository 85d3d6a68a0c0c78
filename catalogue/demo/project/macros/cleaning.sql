{# The delivered files write a missing value as the text NA. #}
{% macro text(column) -%} nullif(trim({{ column }}), 'NA') {%- endmacro %}
{% macro whole(column) -%} cast(nullif(trim({{ column }}), 'NA') as integer) {%- endmacro %}
{% macro number(column) -%} cast(nullif(trim({{ column }}), 'NA') as double) {%- endmacro %}

{# Minutes since midnight of a clock time written as HHMM, such as 1915. #}
{% macro clock_minutes(column) -%}
    (cast({{ column }} as integer) // 100 * 60 + cast({{ column }} as integer) % 100)
{%- endmacro %}

{% macro local_hour(prefix='') -%}
    make_timestamp(
        cast({{ prefix }}year as bigint), cast({{ prefix }}month as bigint),
        cast({{ prefix }}day as bigint), cast({{ prefix }}hour as bigint), 0, 0.0
    )
{%- endmacro %}
