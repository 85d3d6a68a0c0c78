with typed as (
    select
        {{ text('origin') }} as origin,
        {{ local_hour() }} as observed_hour,
        cast(time_hour as timestamptz) at time zone 'UTC' as observed_hour_utc,
        {{ number('temp') }} as temperature,
        {{ number('dewp') }} as dew_point,
        {{ number('humid') }} as humidity,
        {{ number('wind_dir') }} as wind_direction,
        {{ number('wind_speed') }} as wind_speed,
        {{ number('wind_gust') }} as wind_gust,
        {{ number('precip') }} as precipitation,
        {{ number('pressure') }} as pressure,
        {{ number('visib') }} as visibility,
        _loaded_at as loaded_at
    from {{ source('bronze', 'weather') }}
)
select
    *,
    -- On 3 November the hour from one to two happens twice on the local clock.
    row_number() over (partition by origin, observed_hour order by observed_hour_utc) as occurrence
from typed
