select
    sku,
    name as product_name,
    kind,
    cast(price_cents / 100 as decimal(10, 2)) as unit_price,
    supplier,
    is_perishable
from {{ ref('raw_products') }}
