select
    id as customer_id,
    first_name,
    last_name,
    email,
    cast(joined_at as date) as joined_on,
    nullif(loyalty_tier, '') as loyalty_tier,
    store_id as home_store_id
from {{ ref('raw_customers') }}
