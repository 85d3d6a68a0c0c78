select
    {{ text('planes.tailnum') }} as tail_number,
    coalesce(makers.manufacturer, {{ text('planes.manufacturer') }}) as manufacturer,
    {{ text('planes.model') }} as model,
    {{ text('planes.type') }} as aircraft_type,
    {{ text('planes.engine') }} as engine_type,
    {{ whole('planes.engines') }} as engines,
    {{ whole('planes.seats') }} as seats,
    {{ whole('planes.year') }} as year_built,
    planes._loaded_at as loaded_at
from {{ source('bronze', 'planes') }} as planes
left join {{ ref('manufacturer_names') }} as makers on makers.delivered = planes.manufacturer
