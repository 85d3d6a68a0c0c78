select
    items.order_item_id,
    items.order_id,
    items.sku,
    items.quantity,
    products.unit_price,
    items.quantity * products.unit_price as line_total
from {{ ref('stg_order_items') }} as items
join {{ ref('stg_products') }} as products using (sku)
