select
    {{ weather_key('origin', 'observed_hour') }}
        -- The second of two equal local hours keeps its own key, so that no flight meets two rows.
        || case when occurrence > 1 then '-' || occurrence else '' end as weather_key,
    origin,
    cast(observed_hour as date) as observed_date,
    observed_hour,
    observed_hour_utc,
    temperature,
    dew_point,
    humidity,
    wind_direction,
    wind_speed,
    wind_gust,
    precipitation,
    pressure,
    visibility,
    case when precipitation > 0 then 'wet' when precipitation = 0 then 'dry' end as precipitation_type,
    case when visibility >= 5 then 'good' when visibility < 5 then 'poor' end as visibility_type,
    loaded_at
from {{ ref('weather') }}
