select
    flights.flight_id,
    flights.flight_date,
    case
        when flights.flight_date < date '2013-10-01' then 'train'
        when flights.flight_date < date '2013-11-16' then 'validation'
        else 'test'
    end as split,
    flights.carrier,
    flights.origin,
    flights.dest,
    flights.distance,
    flights.scheduled_hour,
    days.month,
    days.day_of_week_number,
    days.day_type = 'weekend' as is_weekend,
    aircraft.manufacturer,
    aircraft.seats,
    aircraft.engines,
    year(flights.flight_date) - aircraft.year_built as aircraft_age_years,
    weather.temperature,
    weather.humidity,
    weather.wind_speed,
    weather.precipitation,
    weather.pressure,
    weather.visibility,
    flights.is_cancelled,
    flights.arr_delay,
    flights.arr_delay >= 15 as is_late,
    flights.loaded_at
from {{ ref('fct_flights') }} as flights
inner join {{ ref('dim_date') }} as days on days.date_day = flights.flight_date
left join {{ ref('dim_aircraft') }} as aircraft on aircraft.tail_number = flights.tail_number
left join {{ ref('fct_weather_hourly') }} as weather on weather.weather_key = flights.weather_key
