select carrier, name, loaded_at
from {{ ref('airlines') }}
