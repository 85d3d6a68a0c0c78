select
    flight_date,
    carrier,
    origin,
    count(*) as flights,
    count(*) filter (where is_cancelled) as cancelled_flights,
    count(*) filter (where not is_cancelled) as departed_flights,
    count(arr_delay) as arrived_flights,
    count(*) filter (where is_diverted) as diverted_flights,
    count(*) filter (where arr_delay < 15) as on_time_arrivals,
    coalesce(sum(dep_delay), 0) as departure_delay_minutes,
    coalesce(sum(arr_delay), 0) as arrival_delay_minutes,
    coalesce(sum(distance) filter (where not is_cancelled), 0) as distance_flown,
    max(loaded_at) as loaded_at
from {{ ref('fct_flights') }}
group by flight_date, carrier, origin
