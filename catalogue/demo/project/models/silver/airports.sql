select
    delivered.faa as airport,
    -- The delivered file escapes apostrophes with backslashes: Martha\\'s Vineyard.
    replace({{ text('delivered.name') }}, '\', '') as name,
    cities.city,
    {{ number('delivered.lat') }} as latitude,
    {{ number('delivered.lon') }} as longitude,
    {{ whole('delivered.alt') }} as altitude_feet,
    {{ text('delivered.tzone') }} as time_zone,
    delivered._loaded_at as loaded_at
from {{ source('bronze', 'airports') }} as delivered
left join {{ ref('airport_cities') }} as cities on cities.code = delivered.faa
