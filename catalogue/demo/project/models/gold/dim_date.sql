with days as (
    select unnest(generate_series(timestamp '2013-01-01', timestamp '2013-12-31', interval 1 day)) as moment
)
select
    cast(moment as date) as date_day,
    year(moment) as year,
    quarter(moment) as quarter,
    month(moment) as month,
    monthname(moment) as month_name,
    weekofyear(moment) as iso_week,
    day(moment) as day_of_month,
    dayname(moment) as day_of_week,
    isodow(moment) as day_of_week_number,
    case when isodow(moment) <= 5 then 'weekday' else 'weekend' end as day_type,
    case
        when month(moment) in (12, 1, 2) then 'winter'
        when month(moment) <= 5 then 'spring'
        when month(moment) <= 8 then 'summer'
        else 'autumn'
    end as season
from days
