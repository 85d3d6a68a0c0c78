{# Schemas are plainly bronze, silver and gold; dbt's own rule would say main_gold. #}
{% macro generate_schema_name(custom_schema_name, node) -%}
    {{ custom_schema_name if custom_schema_name else target.schema }}
{%- endmacro %}
