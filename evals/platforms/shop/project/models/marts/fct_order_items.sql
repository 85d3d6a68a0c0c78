select items.*, cast(orders.ordered_at as date) as ordered_on
from {{ ref('int_items_priced') }} as items
join {{ ref('stg_orders') }} as orders using (order_id)
