with typed as (
    select
        {{ local_hour() }} + to_minutes(cast(minute as integer)) as scheduled_departure,
        make_date(cast(year as integer), cast(month as integer), cast(day as integer)) as flight_date,
        {{ whole('hour') }} as scheduled_hour,
        {{ clock_minutes('sched_arr_time') }} as scheduled_arrival_minutes,
        {{ clock_minutes('sched_dep_time') }} as scheduled_departure_minutes,
        {{ text('carrier') }} as carrier,
        {{ whole('flight') }} as flight_number,
        {{ text('tailnum') }} as tail_number,
        {{ text('origin') }} as origin,
        {{ text('dest') }} as dest,
        {{ text('dep_time') }} is null as is_cancelled,
        {{ whole('dep_delay') }} as dep_delay,
        {{ whole('arr_delay') }} as arr_delay,
        {{ whole('air_time') }} as air_time,
        {{ whole('distance') }} as distance,
        _loaded_at as loaded_at
    from {{ source('bronze', 'flights') }}
),
timed as (
    select
        *,
        cast(flight_date as timestamp)
            + to_minutes(scheduled_arrival_minutes)
            -- An arrival whose clock time lies before the departure's is on the next day.
            + to_days(case when scheduled_arrival_minutes < scheduled_departure_minutes then 1 else 0 end)
            as scheduled_arrival
    from typed
)
select
    concat_ws('-', strftime(flight_date, '%Y%m%d'), carrier, flight_number, origin) as flight_id,
    flight_date,
    carrier,
    flight_number,
    tail_number,
    origin,
    dest,
    scheduled_departure,
    scheduled_hour,
    case when not is_cancelled then scheduled_departure + to_minutes(dep_delay) end as actual_departure,
    scheduled_arrival,
    scheduled_arrival + to_minutes(arr_delay) as actual_arrival,
    dep_delay,
    arr_delay,
    air_time,
    distance,
    is_cancelled,
    loaded_at
from timed
