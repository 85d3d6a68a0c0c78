with items as (
    select order_id, sum(quantity) as item_count, sum(line_total) as order_total
    from {{ ref('int_items_priced') }}
    group by order_id
)
select
    orders.order_id,
    orders.customer_id,
    orders.store_id,
    cast(orders.ordered_at as date) as ordered_on,
    orders.status,
    orders.is_gift,
    items.item_count,
    items.order_total,
    coalesce(paid.amount_paid, 0) as amount_paid
from {{ ref('stg_orders') }} as orders
join items using (order_id)
left join {{ ref('int_orders_paid') }} as paid using (order_id)
