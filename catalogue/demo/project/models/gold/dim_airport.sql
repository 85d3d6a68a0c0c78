with missing as (
    select distinct dest as airport
    from {{ ref('flights') }}
    where dest not in (select airport from {{ ref('airports') }})
)
select
    airport,
    name,
    city,
    latitude,
    longitude,
    altitude_feet,
    time_zone,
    false as is_placeholder,
    loaded_at
from {{ ref('airports') }}
union all
select
    missing.airport,
    'Unnamed airport (' || missing.airport || ')' as name,
    cities.city,
    null as latitude,
    null as longitude,
    null as altitude_feet,
    null as time_zone,
    true as is_placeholder,
    null as loaded_at
from missing
left join {{ ref('airport_cities') }} as cities on cities.code = missing.airport
