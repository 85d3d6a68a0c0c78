select
    {{ text('carrier') }} as carrier,
    {{ text('name') }} as name,
    _loaded_at as loaded_at
from {{ source('bronze', 'airlines') }}
