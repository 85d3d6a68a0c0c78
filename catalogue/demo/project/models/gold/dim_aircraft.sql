select
    tail_number,
    manufacturer,
    model,
    aircraft_type,
    engine_type,
    engines,
    seats,
    year_built,
    loaded_at
from {{ ref('aircraft') }}
