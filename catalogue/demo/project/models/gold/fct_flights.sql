select
    flights.flight_id,
    flights.flight_date,
    flights.carrier,
    flights.flight_number,
    flights.tail_number,
    flights.origin,
    flights.dest,
    {{ weather_key('flights.origin', "date_trunc('hour', flights.scheduled_departure)") }} as weather_key,
    flights.scheduled_departure,
    flights.scheduled_hour,
    flights.actual_departure,
    flights.scheduled_arrival,
    flights.actual_arrival,
    flights.dep_delay,
    flights.arr_delay,
    flights.air_time,
    flights.distance,
    case when not flights.is_cancelled then aircraft.seats end as seats,
    case
        when flights.is_cancelled then 'cancelled'
        when flights.arr_delay is null then 'diverted'
        else 'arrived'
    end as status,
    flights.is_cancelled,
    not flights.is_cancelled and flights.arr_delay is null as is_diverted,
    flights.loaded_at
from {{ ref('flights') }} as flights
left join {{ ref('aircraft') }} as aircraft on aircraft.tail_number = flights.tail_number
