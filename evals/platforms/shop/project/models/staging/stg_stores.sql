select id as store_id, name as store_name, city, cast(opened_on as date) as opened_on, tax_rate
from {{ ref('raw_stores') }}
