with of_customer as (
    select
        customer_id,
        min(ordered_on) as first_order_on,
        max(ordered_on) as last_order_on,
        count(*) as number_of_orders,
        sum(order_total) as lifetime_value
    from {{ ref('fct_orders') }}
    group by customer_id
)
select
    customers.*,
    of_customer.first_order_on,
    of_customer.last_order_on,
    coalesce(of_customer.number_of_orders, 0) as number_of_orders,
    coalesce(of_customer.lifetime_value, 0) as lifetime_value
from {{ ref('stg_customers') }} as customers
left join of_customer using (customer_id)
