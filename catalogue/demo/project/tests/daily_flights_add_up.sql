-- The daily aggregate and the fact table count the same flights on every day.
with daily as (
    select flight_date, sum(flights) as flights, sum(cancelled_flights) as cancelled
    from {{ ref('agg_daily_flights') }}
    group by flight_date
),
single as (
    select flight_date, count(*) as flights, count(*) filter (where is_cancelled) as cancelled
    from {{ ref('fct_flights') }}
    group by flight_date
)
select flight_date, daily.flights as daily_flights, single.flights as single_flights
from daily
full join single using (flight_date)
where daily.flights is distinct from single.flights
   or daily.cancelled is distinct from single.cancelled
