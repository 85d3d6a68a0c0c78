{# Hours of the year for which a station reported nothing. #}
{% test every_hour_observed(model, station, hour, first, last) %}
with hours as (
    select unnest(generate_series(timestamp '{{ first }}', timestamp '{{ last }}', interval 1 hour)) as hour
),
stations as (select distinct {{ station }} as station from {{ model }})
select stations.station, hours.hour
from hours
cross join stations
left join {{ model }} as observed
    on observed.{{ station }} = stations.station and observed.{{ hour }} = hours.hour
where observed.{{ hour }} is null
{% endtest %}
