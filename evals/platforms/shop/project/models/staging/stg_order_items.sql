select id as order_item_id, order_id, sku, qty as quantity
from {{ ref('raw_order_items') }}
